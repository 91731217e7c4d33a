package dev.switchgear.guard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A count that many threads add to: one atomic addition in a stripe of their own. */
final class StripedCounter {

  private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);

  /** 128 bytes: two cache lines, because processors fetch them in pairs. */
  private static final int STRIDE = 16;

  private final long[] counts = new long[STRIDE * Stripe.COUNT];

  void increment() {
    COUNTS.getAndAdd(counts, Stripe.mine() * STRIDE, 1L);
  }

  long sum() {
    long sum = 0;
    for (int i = 0; i < counts.length; i += STRIDE) {
      sum += (long) COUNTS.getVolatile(counts, i);
    }
    return sum;
  }
}
