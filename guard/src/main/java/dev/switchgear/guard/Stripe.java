package dev.switchgear.guard;

/** Spreads threads over copies of a counter, so that they seldom write to the same cache line. */
final class Stripe {

  private static final int MOST = 16;

  /** A power of two, twice the processors, so that two busy threads rarely share one. */
  static final int COUNT =
      Math.min(MOST, 2 * Integer.highestOneBit(Runtime.getRuntime().availableProcessors()));

  private Stripe() {}

  /**
   * Stripe of the calling thread. Ids are handed out in sequence, so their low bits spread well.
   */
  static int mine() {
    return (int) Thread.currentThread().getId() & (COUNT - 1);
  }
}
