package dev.switchgear.guard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts of calls by {@link LatencyIndex} slot of their duration. One atomic addition records one
 * call, and one atomic exchange takes a slot's count away, so every call is taken exactly once.
 */
final class Latencies {

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);
  private static final VarHandle STRIPE = MethodHandles.arrayElementVarHandle(int[][].class);

  /** Made when a thread of the stripe first records: most breakers are called by few threads. */
  private final int[][] stripes = new int[Stripe.COUNT][];

  void record(long nanos) {
    SLOT.getAndAdd(mine(), LatencyIndex.slot(nanos), 1);
  }

  /** Records a call of which nobody knows how long it took. */
  void recordUntimed() {
    SLOT.getAndAdd(mine(), LatencyIndex.UNTIMED, 1);
  }

  /**
   * Moves all counts to the given array of {@link LatencyIndex#SLOTS}; returns how many they were.
   */
  long moveTo(long[] counts) {
    long moved = 0;
    for (int i = 0; i < stripes.length; i++) {
      int[] stripe = (int[]) STRIPE.getAcquire(stripes, i);
      if (stripe != null) {
        moved += move(stripe, counts);
      }
    }
    return moved;
  }

  private static long move(int[] stripe, long[] counts) {
    long moved = 0;
    for (int slot = 0; slot < stripe.length; slot++) {
      if ((int) SLOT.getOpaque(stripe, slot) != 0) {
        int count = (int) SLOT.getAndSet(stripe, slot, 0);
        counts[slot] += count;
        moved += count;
      }
    }
    return moved;
  }

  private int[] mine() {
    int mine = Stripe.mine();
    int[] stripe = (int[]) STRIPE.getAcquire(stripes, mine);
    return stripe != null ? stripe : make(mine);
  }

  private int[] make(int index) {
    int[] made = new int[LatencyIndex.SLOTS];
    int[] other = (int[]) STRIPE.compareAndExchange(stripes, index, (int[]) null, made);
    return other == null ? made : other;
  }
}
