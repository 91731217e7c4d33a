package dev.switchgear.recovery.parking;

import java.util.SplittableRandom;

/**
 * How long an item waits before it is released again. The jitter spreads items over the second half
 * of the wait; it depends on the item and the attempt alone, so that a decision made twice is the
 * same.
 */
final class Backoff {

  /** No wait is longer. */
  static final long LONGEST_MILLIS = 60_000;

  private static final long FIRST_MILLIS = 1_000;

  /** 2^6 seconds are more than the longest wait. */
  private static final int DOUBLINGS = 6;

  /**
   * A guard that did not admit an item has the newer state; ours arrives in much less than this.
   */
  private static final long DEFERRAL_MILLIS = 500;

  private Backoff() {}

  /**
   * After a failed attempt.
   *
   * @param failures failed attempts so far, this one included
   */
  static long afterFailure(String itemId, int attempt, int failures) {
    return jittered(longest(failures), itemId, attempt);
  }

  /** After an attempt that was not admitted. */
  static long afterDeferral(String itemId, int attempt) {
    return jittered(DEFERRAL_MILLIS, itemId, attempt);
  }

  /** One second, doubling with each failure, up to one minute. */
  static long longest(int failures) {
    int doublings = Math.min(Math.max(failures - 1, 0), DOUBLINGS);
    return Math.min(LONGEST_MILLIS, FIRST_MILLIS << doublings);
  }

  private static long jittered(long millis, String itemId, int attempt) {
    double unit = new SplittableRandom(itemId.hashCode() * 31L + attempt).nextDouble();
    return millis / 2 + Math.round(unit * (millis / 2.0));
  }
}
