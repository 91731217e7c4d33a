package dev.switchgear.detector;

import dev.switchgear.breaker.series.SeriesSample;
import dev.switchgear.detector.state.ServiceLevels;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.streams.BadRecordException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Gauges that were recorded, looked at as they are while they happen: every ten seconds the newest
 * of each instance, summed by service. Not thread-safe.
 */
public final class LevelHistory {

  private static final long LOOK_MILLIS = 10_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final List<MetricPoint> points = new ArrayList<>();

  /**
   * Adds a gauge, in any order of time.
   *
   * @return false where it does not say how busy anybody is, or anything of it is absurd
   */
  public boolean add(MetricPoint point) {
    try {
      Names.check("service", point.getService());
      Names.check("instance", point.getInstance());
    } catch (BadRecordException e) {
      return false;
    }
    return LevelMetrics.isLevel(point) && points.add(point);
  }

  /** How many gauges it holds. */
  public int size() {
    return points.size();
  }

  /** Tells how busy each service was, in the order of time. */
  public void replay(BiConsumer<String, SeriesSample> looks) {
    points.sort(Comparator.comparingLong(MetricPoint::getAtEpochNanos));
    Levels levels = new Levels();
    long last = points.isEmpty() ? 0 : look(points.get(0));
    for (MetricPoint point : points) {
      if (look(point) > last) {
        tell(levels, last, looks);
        last = look(point);
      }
      levels.take(point);
    }
    tell(levels, last, looks);
  }

  private static long look(MetricPoint point) {
    return Math.floorDiv(point.getAtEpochNanos() / NANOS_PER_MILLI, LOOK_MILLIS);
  }

  private static void tell(Levels levels, long look, BiConsumer<String, SeriesSample> looks) {
    long atMillis = (look + 1) * LOOK_MILLIS;
    for (ServiceLevels each : levels.sums(0, atMillis)) {
      looks.accept(each.getService(), new SeriesSample(atMillis, Levels.values(List.of(each))));
    }
  }
}
