package dev.switchgear.guard;

/**
 * When the counts were read.
 *
 * @param epochMillis wall clock, to name the interval
 * @param nanos monotonic clock, to measure it
 */
record Reading(long epochMillis, long nanos) {

  static Reading now(Clocks clocks) {
    return new Reading(clocks.millis(), clocks.nanos());
  }

  /** Length of the interval since an earlier reading. */
  int millisSince(Reading earlier) {
    return (int) Math.min(Integer.MAX_VALUE, (nanos - earlier.nanos) / 1_000_000);
  }
}
