package dev.switchgear.guard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counts who was let in, turned away and gave up, until it is closed.
 *
 * <p>Closing is what makes it safe to forget an old epoch. A thread may have read the epoch's entry
 * and not yet counted itself when the epoch ends. Each counter is therefore closed by one atomic
 * addition that makes it negative and returns its final value: whoever adds before is in that
 * value, whoever adds after sees that it is closed, is not counted, and goes to the new epoch.
 */
final class Turnstile {

  private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final long CLOSED = Long.MIN_VALUE;

  /** 128 bytes: two cache lines, because processors fetch them in pairs. */
  private static final int STRIDE = 16;

  private static final int ENTERED = 0;
  private static final int REFUSED = 1;
  private static final int CANCELLED = 2;

  private final long[] counts = new long[STRIDE * Stripe.COUNT];
  private boolean closed;
  private long finallyEntered;
  private long finallyRefused;

  /** Lets the caller in; false if closed. */
  boolean enter() {
    return add(ENTERED) >= 0;
  }

  /** Turns the caller away; negative if closed, else a number that is another for the next one. */
  long refuse() {
    return add(REFUSED);
  }

  /** Somebody who was let in gave up. */
  void cancel() {
    add(CANCELLED);
  }

  /** Ends {@link #enter} and {@link #refuse}. */
  synchronized void close() {
    if (closed) {
      return;
    }
    finallyEntered = close(ENTERED);
    finallyRefused = close(REFUSED);
    closed = true;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized long entered() {
    return closed ? finallyEntered : sum(ENTERED);
  }

  synchronized long refused() {
    return closed ? finallyRefused : sum(REFUSED);
  }

  long cancelled() {
    return sum(CANCELLED);
  }

  private long add(int counter) {
    return (long) COUNTS.getAndAdd(counts, Stripe.mine() * STRIDE + counter, 1L);
  }

  private long close(int counter) {
    long total = 0;
    for (int i = counter; i < counts.length; i += STRIDE) {
      total += (long) COUNTS.getAndAdd(counts, i, CLOSED);
    }
    return total;
  }

  private long sum(int counter) {
    long total = 0;
    for (int i = counter; i < counts.length; i += STRIDE) {
      total += (long) COUNTS.getVolatile(counts, i);
    }
    return total;
  }
}
