package dev.switchgear.recovery.parking;

/**
 * A token bucket whose rate may change at any time. Over any span it grants at most the rate times
 * the span, and the burst once. While the rate is 0 it holds nothing, so that reopening starts from
 * nothing.
 */
final class Pace {

  /** What may be made up for after a late tick. */
  private static final double BURST_SECONDS = 0.5;

  private double perSecond;
  private double tokens;
  private long atMillis;

  /**
   * Brings it to the present. Nobody knows when the rate changed since the last time, so what has
   * passed counts with the lower of both.
   */
  void advance(long nowMillis, double ratePerSecond) {
    long elapsedMillis = Math.max(0, nowMillis - atMillis);
    double lower = Math.min(perSecond, ratePerSecond);
    tokens = Math.min(burst(lower), tokens + lower * elapsedMillis / 1000);
    if (ratePerSecond <= 0) {
      tokens = 0;
    }
    perSecond = ratePerSecond;
    atMillis = nowMillis;
  }

  boolean take() {
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  static double burst(double perSecond) {
    return Math.max(1, perSecond * BURST_SECONDS);
  }
}
