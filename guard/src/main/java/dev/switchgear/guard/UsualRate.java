package dev.switchgear.guard;

/**
 * How many records a consumer usually handles, and how many of those turns have come up since it
 * was asked last. One thread uses it.
 */
final class UsualRate {

  /** What is usual is that of the last half minute. */
  private static final double MEMORY_NANOS = 30e9;

  /** Who has not handled anything yet asks once a second. */
  private static final double LEAST_PER_NANO = 1e-9;

  /** Turns that did not come up in time are not made up for at once. */
  private static final long LONGEST_NANOS = 1_000_000_000;

  private double perNano;
  private double turns;
  private long askedNanos;

  UsualRate(long nowNanos) {
    this.askedNanos = nowNanos;
  }

  /** So many were handled since the last time. */
  void handled(int records, long nowNanos) {
    long elapsed = Math.max(1, nowNanos - askedNanos);
    double weight = perNano == 0 ? 1 : 1 - Math.exp(-elapsed / MEMORY_NANOS);
    perNano += weight * ((double) records / elapsed - perNano);
    askedNanos = nowNanos;
    turns = 0;
  }

  /** How many would have been handled since the last time. */
  int turns(long nowNanos) {
    long elapsed = Math.max(0, Math.min(LONGEST_NANOS, nowNanos - askedNanos));
    askedNanos = nowNanos;
    turns += elapsed * Math.max(perNano, LEAST_PER_NANO);
    int whole = (int) turns;
    turns -= whole;
    return whole;
  }
}
