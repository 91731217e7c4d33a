package dev.switchgear.guard;

/**
 * How long the caller waits for an answer.
 *
 * @param nanos fixed, or where the fleet recommends nothing
 * @param recommended whether what the fleet recommends counts
 */
record TimeLimit(long nanos, boolean recommended) {

  /** Nobody said how long. */
  static final long NONE = Long.MAX_VALUE;

  static final TimeLimit UNLIMITED = new TimeLimit(NONE, false);

  boolean isUnlimited() {
    return nanos == NONE && !recommended;
  }

  long nanos(Gate gate) {
    if (!recommended) {
      return nanos;
    }
    long fleet = gate.recommendedTimeoutNanos();
    return fleet == Entry.NONE ? nanos : fleet;
  }
}
