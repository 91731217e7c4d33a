package dev.switchgear.breaker.series;

import java.util.ArrayList;
import java.util.List;

/** Where a level is heading: the slope of the straight line that fits its last values best. */
final class Trend {

  /** Five minutes of values that come every ten seconds. */
  private static final int MOST = 30;

  /** Of fewer values a line says nothing; a minute of those. */
  private static final int FEWEST = 6;

  private static final double FARTHEST_SECONDS = 86_400;

  private final List<SeriesMemory.Point> points = new ArrayList<>();

  void add(long atMillis, double value) {
    if (points.size() == MOST) {
      points.remove(0);
    }
    points.add(new SeriesMemory.Point(atMillis, value));
  }

  void forget() {
    points.clear();
  }

  List<SeriesMemory.Point> points() {
    return List.copyOf(points);
  }

  /**
   * By how much the level rises a second; 0 or less where it does not. A step is no rise: the
   * newest minute must go up as well.
   */
  double risePerSecond() {
    return points.size() < FEWEST
        ? 0
        : Math.min(slope(points), slope(points.subList(points.size() - FEWEST, points.size())));
  }

  /**
   * When the level reaches {@code full} if it goes on like this; infinite where it does not within
   * a day: no line through five minutes says what is then.
   */
  double secondsTo(double full) {
    if (points.isEmpty()) {
      return Double.POSITIVE_INFINITY;
    }
    double left = full - points.get(points.size() - 1).value();
    double rise = risePerSecond();
    double seconds = left <= 0 ? 0 : left / Math.max(rise, 1e-12);
    return seconds <= FARTHEST_SECONDS ? seconds : Double.POSITIVE_INFINITY;
  }

  /** By least squares. */
  private static double slope(List<SeriesMemory.Point> points) {
    long first = points.get(0).atMillis();
    double meanSeconds = 0;
    double mean = 0;
    for (SeriesMemory.Point point : points) {
      meanSeconds += (point.atMillis() - first) / 1e3 / points.size();
      mean += point.value() / points.size();
    }
    double products = 0;
    double squares = 1e-9;
    for (SeriesMemory.Point point : points) {
      double seconds = (point.atMillis() - first) / 1e3 - meanSeconds;
      products += seconds * (point.value() - mean);
      squares += seconds * seconds;
    }
    return products / squares;
  }
}
