package dev.switchgear.breaker.series;

import java.util.List;

/**
 * A level that has a limit: it is ill while it is there, and while it is half way and will be full
 * within minutes if it goes on like this. No past is needed to say so. That a healthy level is
 * there for one sample in a hundred is taken for granted; bursts that it shows more often raise
 * what is wanted, as for every other measure.
 */
final class LimitWatch extends Watch {

  private static final double ILL_AT_LIMIT = 0.9;
  private static final double WELL_AT_LIMIT = 0.01;
  private static final double LOOKS_ILL = Math.log(ILL_AT_LIMIT / WELL_AT_LIMIT);

  private static final double HALF_WAY = 0.5;
  private static final double SOON_SECONDS = 300;

  private final Trend trend;
  private double limit = Double.POSITIVE_INFINITY;

  LimitWatch(Measure measure, Trend trend) {
    super(measure);
    this.trend = trend;
  }

  /** Infinite for none. */
  void limit(double newLimit) {
    limit = newLimit;
  }

  /** What is full: all there is of a share, the limit of what is counted. */
  double full() {
    return measure().isShare() ? Math.max(1, limit) : limit;
  }

  @Override
  double logRatio(double measured, long atMillis, long coveredMillis) {
    boolean reached = measured >= limit;
    boolean soon = measured >= HALF_WAY * limit && trend.secondsTo(full()) <= SOON_SECONDS;
    return reached || soon ? LOOKS_ILL : LOOKS_WELL;
  }

  @Override
  void learn(double measured, long atMillis, long coveredMillis) {}

  /** It knows all it needs. */
  @Override
  int learned() {
    return Integer.MAX_VALUE;
  }

  @Override
  void forget() {}

  @Override
  List<Past> pasts() {
    return List.of();
  }

  @Override
  double usual() {
    return limit;
  }
}
