package dev.switchgear.breaker.evidence;

/**
 * What latency is normal for a dependency, learned from healthy time only. Bounded: once {@link
 * #FULL} calls are held, all counts are halved, so the past fades with the calls that replace it.
 * Not thread-safe.
 */
public final class LatencyBaseline {

  /** A p99 of fewer calls than this is hearsay. */
  static final long ENOUGH = 200;

  /**
   * At a hundred calls a second about half an hour of memory; a p99.9 of it still rests on a
   * hundred calls.
   */
  static final long FULL = 200_000;

  /**
   * Learning never makes buckets wider than a factor of 1.41; all that any clock can measure still
   * fits. What would make them wider is absurd or too coarse to learn from.
   */
  static final int COARSEST_SCALE = 1;

  private final ExponentialHistogram healthy;

  /** A baseline that continues from what {@link #histogram} gave; empty for a new one. */
  public LatencyBaseline(ExponentialHistogram healthy) {
    this.healthy = healthy.copy();
  }

  /** Learns latencies of calls made in healthy time. */
  public void learn(ExponentialHistogram latencyNanos) {
    if (healthy.scaleWith(latencyNanos) < COARSEST_SCALE) {
      return;
    }
    healthy.add(latencyNanos);
    if (healthy.count() > FULL) {
      healthy.fade(0.5);
    }
  }

  /** Whether enough healthy calls have been seen to say what is normal. */
  public boolean known() {
    return healthy.count() >= ENOUGH;
  }

  /** Latency below which the given share of healthy calls lies, in nanoseconds. */
  public double quantileNanos(double share) {
    return healthy.quantile(share);
  }

  /** What has been learned; a copy. */
  public ExponentialHistogram histogram() {
    return healthy.copy();
  }
}
