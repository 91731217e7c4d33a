package dev.switchgear.breaker.evidence;

/**
 * What latency is normal for a dependency, learned from healthy time only. Bounded: once {@link
 * #FULL} calls are held, all counts are halved, so the past fades with the calls that replace it.
 * Not thread-safe.
 */
public final class LatencyBaseline {

  /** A p99 of fewer calls than this is hearsay. */
  static final long ENOUGH = 200;

  /** Ten of these are beyond the p99.9: from here on it is what it seems. */
  static final long SURE = 10_000;

  /** How much longer than the slowest of {@link #ENOUGH} calls one in a thousand may well take. */
  private static final double MOST_DOUBT = 3;

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

  /**
   * Latency that a healthy call exceeds once in a thousand times, in nanoseconds. Generous at
   * first: the slowest of a few hundred calls says little of the slowest in a thousand. What is
   * seen is taken {@value #MOST_DOUBT} times at {@link #ENOUGH} calls, as it is at {@link #SURE},
   * and in between by the logarithm of how many they are; never less than what is seen.
   */
  public double longestNanos() {
    double known = Math.log((double) healthy.count() / ENOUGH) / Math.log((double) SURE / ENOUGH);
    double doubt = MOST_DOUBT - (MOST_DOUBT - 1) * Math.max(0, Math.min(1, known));
    return doubt * quantileNanos(0.999);
  }

  /** What has been learned; a copy. */
  public ExponentialHistogram histogram() {
    return healthy.copy();
  }
}
