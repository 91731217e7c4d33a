package dev.switchgear.guard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * So many slots for calls that run at a time: a semaphore that nobody waits at. Thread-safe.
 *
 * <p>Free slots lie in stripes. A thread takes from its own, from the others' only if that is
 * empty, and gives back to its own: so slots wander to where calls are made, and two busy threads
 * seldom write to the same cache line. Slots are neither made nor lost on the way, so never are
 * more in use than there are; while others take and give back, one that wanders may be overlooked.
 *
 * <p>Where the number is learned, slots are added or taken away as it changes. What cannot be taken
 * away because calls hold it is owed, and goes when it comes back.
 */
final class Slots {

  private static final VarHandle FREE = MethodHandles.arrayElementVarHandle(int[].class);

  /** 128 bytes: two cache lines, because processors fetch them in pairs. */
  private static final int STRIDE = 32;

  private final int[] free = new int[Stripe.length(STRIDE)];
  private final @Nullable ConcurrencyLimit limit;
  private final AtomicInteger owed = new AtomicInteger();
  private volatile int size;

  /** Always as many. */
  Slots(int size) {
    this(size, null);
  }

  /** As many as the limit says, from one moment to the next. */
  Slots(ConcurrencyLimit limit) {
    this(within(limit.calls()), limit);
  }

  private Slots(int size, @Nullable ConcurrencyLimit limit) {
    this.limit = limit;
    this.size = size;
    for (int i = 0; i < size; i++) {
      free[Stripe.start(i % Stripe.COUNT, STRIDE)]++;
    }
  }

  private static int within(int calls) {
    return Math.max(1, Math.min(Bulkhead.MOST, calls));
  }

  /** Takes a slot; false if none is free. */
  boolean take() {
    int mine = Stripe.mine();
    return takeFrom(mine) || takeFromOthers(mine);
  }

  /** Gives a taken slot back. */
  void giveBack() {
    if (limit == null || !isOwed()) {
      FREE.getAndAdd(free, Stripe.start(Stripe.mine(), STRIDE), 1);
    }
  }

  /** The call that held a slot was answered. */
  void answered(long elapsedNanos) {
    if (limit == null) {
      giveBack();
      return;
    }
    try {
      limit.answered(elapsedNanos, taken());
    } finally {
      giveBack();
      fit(limit);
    }
  }

  /** The call that held a slot failed. */
  void failed(String errorType, long elapsedNanos) {
    if (limit == null) {
      giveBack();
      return;
    }
    try {
      limit.failed(errorType, elapsedNanos, taken());
    } finally {
      giveBack();
      fit(limit);
    }
  }

  @Nullable ConcurrencyLimit limit() {
    return limit;
  }

  private boolean isOwed() {
    return owed.get() > 0 && owed.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  private void fit(ConcurrencyLimit to) {
    int wanted = within(to.calls());
    if (wanted != size) {
      resize(wanted);
    }
  }

  private synchronized void resize(int wanted) {
    int more = wanted - size;
    size = wanted;
    for (; more > 0; more--) {
      if (!isOwed()) {
        FREE.getAndAdd(free, Stripe.start(more % Stripe.COUNT, STRIDE), 1);
      }
    }
    for (; more < 0; more++) {
      if (!take()) {
        owed.incrementAndGet();
      }
    }
  }

  int size() {
    return size;
  }

  /** How many are taken. */
  int taken() {
    int taken = size + owed.get();
    for (int i = Stripe.start(0, STRIDE); i < free.length; i += STRIDE) {
      taken -= (int) FREE.getVolatile(free, i);
    }
    return taken;
  }

  private boolean takeFromOthers(int mine) {
    for (int i = 1; i < Stripe.COUNT; i++) {
      if (takeFrom((mine + i) & (Stripe.COUNT - 1))) {
        return true;
      }
    }
    return false;
  }

  private boolean takeFrom(int stripe) {
    int index = Stripe.start(stripe, STRIDE);
    int seen = (int) FREE.getOpaque(free, index);
    while (seen > 0) {
      int found = (int) FREE.compareAndExchange(free, index, seen, seen - 1);
      if (found == seen) {
        return true;
      }
      seen = found;
    }
    return false;
  }
}
