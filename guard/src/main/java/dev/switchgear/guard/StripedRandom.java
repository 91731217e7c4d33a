package dev.switchgear.guard;

import java.util.SplittableRandom;

/**
 * Random numbers by SplitMix64, with a seed for each {@link Stripe} (Steele, Lea and Flood, "Fast
 * splittable pseudorandom number generators", OOPSLA 2014). Threads of one stripe may draw the same
 * number, now and then; not for secrets.
 *
 * <p>{@link java.util.concurrent.ThreadLocalRandom} does the same, but asks each time whether it is
 * the thread's first. Where HotSpot has seen one, as with a second thread, it keeps a call for that
 * in what it compiles, and on the stack what it would have kept in registers: a guarded call took
 * half as long again.
 */
final class StripedRandom {

  private static final long GAMMA = 0x9e3779b97f4a7c15L;
  private static final long[] SEEDS = seeds();

  private StripedRandom() {}

  /** Any number. */
  static int next() {
    int mine = Stripe.start(Stripe.mine(), Stripe.STRIDE);
    long seed = SEEDS[mine] + GAMMA;
    SEEDS[mine] = seed;
    return mixed(seed);
  }

  private static int mixed(long seed) {
    long once = (seed ^ (seed >>> 33)) * 0xff51afd7ed558ccdL;
    return (int) (((once ^ (once >>> 33)) * 0xc4ceb9fe1a85ec53L) >>> 32);
  }

  /** At the beginning of each stripe, another each time. */
  static long[] seeds() {
    long[] seeds = Stripe.counts();
    SplittableRandom random = new SplittableRandom();
    for (int i = 0; i < seeds.length; i += Stripe.STRIDE) {
      seeds[i] = random.nextLong();
    }
    return seeds;
  }
}
