package dev.switchgear.guard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts of calls by {@link LatencyIndex} slot of their duration. Callers add, each in its {@link
 * Stripe}, and one thread takes: what was not there when it looked last.
 */
final class Latencies {

  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);
  private static final VarHandle ARRAY = MethodHandles.arrayElementVarHandle(int[][].class);

  /** 128 bytes from the beginning, before which often lies what all callers read. */
  private static final int COUNTED = 32;

  private static final int TAKEN = COUNTED + LatencyIndex.SLOTS;
  private static final int LENGTH = TAKEN + LatencyIndex.SLOTS;

  /**
   * Of each stripe what its owner counts, and behind it what others do. Made when somebody first
   * records: most breakers are called by few threads. They may overflow, for only differences
   * count.
   */
  private final int[][] arrays = new int[2 * Stripe.COUNT][];

  void record(long nanos) {
    increment(COUNTED + LatencyIndex.slot(nanos));
  }

  /** Records a call of which nobody knows how long it took. */
  void recordUntimed() {
    increment(COUNTED + LatencyIndex.UNTIMED);
  }

  /**
   * Moves all counts to the given array of {@link LatencyIndex#SLOTS}; returns how many they were.
   */
  long moveTo(long[] counts) {
    long moved = 0;
    for (int i = 0; i < arrays.length; i++) {
      int[] array = (int[]) ARRAY.getAcquire(arrays, i);
      if (array != null) {
        moved += move(array, counts);
      }
    }
    return moved;
  }

  private static long move(int[] array, long[] counts) {
    long moved = 0;
    for (int slot = 0; slot < LatencyIndex.SLOTS; slot++) {
      int counted = (int) SLOT.getOpaque(array, COUNTED + slot);
      int more = counted - array[TAKEN + slot];
      if (more != 0) {
        array[TAKEN + slot] = counted;
        counts[slot] += more;
        moved += more;
      }
    }
    return moved;
  }

  private void increment(int index) {
    int mine = Stripe.mine();
    if (Stripe.isOwned(mine)) {
      int[] counts = array(2 * mine);
      SLOT.setOpaque(counts, index, (int) SLOT.getOpaque(counts, index) + 1);
    } else {
      SLOT.getAndAdd(array(2 * mine + 1), index, 1);
    }
  }

  private int[] array(int index) {
    int[] array = (int[]) ARRAY.getAcquire(arrays, index);
    return array != null ? array : make(index);
  }

  private int[] make(int index) {
    int[] made = new int[LENGTH];
    int[] other = (int[]) ARRAY.compareAndExchange(arrays, index, (int[]) null, made);
    return other == null ? made : other;
  }
}
