package dev.switchgear.guard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/**
 * Counts who was let in, turned away and gave up, until nobody reads the counts any more.
 *
 * <p>A thread may have read an epoch's entry and not yet counted itself when the epoch ends. So
 * whoever has counted itself looks whether it is still in time, and the one that reads leaves in
 * two steps: it {@link #shut}s the turnstile, and {@link #leave}s a while later if nothing has come
 * meanwhile. Who comes in between opens it again; who comes after that knows that it is not
 * counted, and goes to the new epoch.
 *
 * <p>There is no fence between an owner's count and its look, as it would cost as much as an atomic
 * addition: a thread that does not see the turnstile shut may have counted itself without the
 * reader seeing it yet. Processors keep what is written to themselves for less than a millionth of
 * a second, and the reader waits for far longer. (Morrison and Afek, "Temporally bounding TSO for
 * fence-free asymmetric synchronization", ASPLOS 2015.) That the compiler keeps the two in order is
 * what HotSpot does for opaque access, though the language does not promise it.
 */
final class Turnstile {

  /** By then everybody sees what was written before. */
  private static final long SEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Instead of a turn: nobody reads the counts any more. */
  static final int LEFT = -1;

  private static final int ENTERED = 0;
  private static final int REFUSED = 1;
  private static final int CANCELLED = 2;

  private static final VarHandle OPEN;

  static {
    try {
      OPEN = MethodHandles.lookup().findVarHandle(Turnstile.class, "open", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long[] counts = Stripe.counts();

  /** Written under the lock; whoever comes looks at it without. */
  private boolean open = true;

  private boolean left;
  private long shutNanos;

  /** Lets the caller in; false if nobody reads that any more. */
  boolean enter() {
    Stripe.increment(counts, ENTERED);
    return isOpen() || reopen();
  }

  /**
   * Turns the caller away; {@link #LEFT} if nobody reads that any more, else a number of at least 0
   * that is another for the thread's next one.
   */
  int refuse() {
    int turn = (int) Stripe.increment(counts, REFUSED) & Integer.MAX_VALUE;
    return isOpen() || reopen() ? turn : LEFT;
  }

  /** Somebody who was let in gave up. */
  void cancel() {
    Stripe.increment(counts, CANCELLED);
  }

  /** Whoever comes has to ask from now on whether it is in time. */
  synchronized void shut(long nowNanos) {
    if (open) {
      shutNanos = nowNanos;
      set(false);
    }
  }

  /**
   * Ends it if it has been shut for long enough and nobody has come.
   *
   * @param entered {@link #entered} as it was read last
   * @param refused {@link #refused} as it was read last
   * @return whether it has ended: nobody will be counted any more
   */
  synchronized boolean leave(long nowNanos, long entered, long refused) {
    if (!open
        && nowNanos - shutNanos >= SEEN_NANOS
        && entered() == entered
        && refused() == refused) {
      left = true;
    }
    return left;
  }

  /** Ends it at once, though what is counted in this moment may not be read. */
  synchronized void leave() {
    set(false);
    left = true;
  }

  private synchronized boolean reopen() {
    set(!left);
    return open;
  }

  private boolean isOpen() {
    return (boolean) OPEN.getOpaque(this);
  }

  private void set(boolean toOpen) {
    OPEN.setOpaque(this, toOpen);
  }

  long entered() {
    return Stripe.sum(counts, ENTERED);
  }

  long refused() {
    return Stripe.sum(counts, REFUSED);
  }

  long cancelled() {
    return Stripe.sum(counts, CANCELLED);
  }
}
