package dev.switchgear.guard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Spreads threads over copies of a counter, so that they seldom write to the same cache line.
 *
 * <p>One thread at a time may own a stripe. What only the owner of a stripe writes it writes by an
 * ordinary load and store, where the others of the stripe need an atomic addition to a place beside
 * it: that keeps everything after it waiting, on many processors for longer than all the rest of a
 * call takes. A thread that counts often asks for its stripe; when it has ended another takes its
 * place, and sees all that it has written ({@link Thread#isAlive}, JLS 17.4.5).
 */
final class Stripe {

  private static final int MOST = 16;

  /** A power of two, twice the processors, so that two busy threads rarely share one. */
  static final int COUNT =
      Math.min(MOST, 2 * Integer.highestOneBit(Runtime.getRuntime().availableProcessors()));

  private static final Thread[] OWNERS = new Thread[COUNT];
  private static final VarHandle OWNER = MethodHandles.arrayElementVarHandle(Thread[].class);
  private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);

  /** 128 bytes: two cache lines, because processors fetch them in pairs. */
  static final int STRIDE = 16;

  /** In a cache line of their own. */
  private static final int OF_OTHERS = STRIDE / 2;

  /** A thread asks for its stripe with each so-manieth count of a kind by who does not own it. */
  private static final int OFTEN = 1 << 6;

  private Stripe() {}

  /**
   * Stripe of the calling thread. Ids are handed out in sequence, so their low bits spread well.
   */
  static int mine() {
    return (int) Thread.currentThread().getId() & (COUNT - 1);
  }

  /** Whether the calling thread owns its stripe. */
  static boolean isOwned(int mine) {
    return OWNERS[mine] == Thread.currentThread();
  }

  /** Makes the calling thread the owner of its stripe, unless another is that lives. */
  static void own(int mine) {
    Thread owner = (Thread) OWNER.getAcquire(OWNERS, mine);
    if (owner == null || !owner.isAlive()) {
      OWNER.compareAndSet(OWNERS, mine, owner, Thread.currentThread());
    }
  }

  /** Holds threads that have ended no longer. Called now and then, by anybody. */
  static void disown() {
    for (int i = 0; i < COUNT; i++) {
      Thread owner = (Thread) OWNER.getAcquire(OWNERS, i);
      if (owner != null && !owner.isAlive()) {
        OWNER.compareAndSet(OWNERS, i, owner, (Thread) null);
      }
    }
  }

  /**
   * Where a stripe begins in an array that has so many elements for each. In front is room for one
   * more, which is not used: whoever reads an element reads the array's length as well, which lies
   * at the very beginning, beside whatever was made before.
   */
  static int start(int stripe, int elements) {
    return (1 + stripe) * elements;
  }

  /** How long such an array is, with as much room behind: there lies whatever is made next. */
  static int length(int elements) {
    return start(COUNT + 1, elements);
  }

  /** Counts of up to eight kinds, all zero. */
  static long[] counts() {
    return new long[length(STRIDE)];
  }

  /** Adds one to a kind; returns a number that is another for the thread's next one. */
  static long increment(long[] counts, int kind) {
    int mine = mine();
    int index = start(mine, STRIDE) + kind;
    if (isOwned(mine)) {
      long before = (long) COUNTS.getOpaque(counts, index);
      COUNTS.setOpaque(counts, index, before + 1);
      return before;
    }
    long before = (long) COUNTS.getAndAdd(counts, index + OF_OTHERS, 1L);
    if ((before + 1) % OFTEN == 0) {
      own(mine);
    }
    return before;
  }

  /** All of a kind; what the calling thread, or one that it has waited for, has added is in it. */
  static long sum(long[] counts, int kind) {
    long sum = 0;
    for (int i = start(0, STRIDE) + kind; i < counts.length; i += OF_OTHERS) {
      sum += (long) COUNTS.getVolatile(counts, i);
    }
    return sum;
  }
}
