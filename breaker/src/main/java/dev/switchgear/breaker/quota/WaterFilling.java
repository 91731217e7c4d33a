package dev.switchgear.breaker.quota;

import java.util.Arrays;

/**
 * Shares something by max-min fairness: nobody can get more without somebody who has no more than
 * he getting less.
 *
 * <p>As if water were poured into vessels that stand side by side and are connected: all of them
 * fill to one level, but none above what it holds, and none below what was in it before (Bertsekas
 * and Gallager, Data Networks, 2nd edition, 6.5.2, "max-min flow control"). What the level gives
 * away grows with it, so it is found by halving. The few units that are left below the next whole
 * level go to the first vessels that stand at it, so that nothing is lost and nothing is given away
 * twice.
 */
final class WaterFilling {

  private WaterFilling() {}

  /**
   * The shares.
   *
   * @param whole what there is
   * @param least what each gets at any rate; together no more than the whole
   * @param most what each gets at the most; no less
   */
  static long[] shares(long whole, long[] least, long[] most) {
    if (Arrays.stream(most).sum() <= whole) {
      return most.clone();
    }
    long level = level(whole, least, most);
    long[] shares = new long[most.length];
    long left = whole;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = clamped(level, least[i], most[i]);
      left -= shares[i];
    }
    for (int i = 0; i < shares.length && left > 0; i++) {
      if (shares[i] == level && level < most[i]) {
        shares[i]++;
        left--;
      }
    }
    return shares;
  }

  /** The highest at which there is enough. */
  private static long level(long whole, long[] least, long[] most) {
    long enough = 0;
    long tooHigh = whole + 1;
    while (tooHigh - enough > 1) {
      long middle = (enough + tooHigh) >>> 1;
      if (sum(middle, least, most) <= whole) {
        enough = middle;
      } else {
        tooHigh = middle;
      }
    }
    return enough;
  }

  private static long sum(long level, long[] least, long[] most) {
    long sum = 0;
    for (int i = 0; i < most.length; i++) {
      sum += clamped(level, least[i], most[i]);
    }
    return sum;
  }

  private static long clamped(long level, long least, long most) {
    return Math.max(least, Math.min(level, most));
  }
}
