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
 * <p>What the owner of a stripe ({@link Stripe}) gives back it counts by an ordinary store, apart
 * from what is taken: that count only grows, so whoever reads an old one sees too few free slots
 * and never too many. Taking is atomic, for everybody.
 *
 * <p>Where the number is learned, slots are added or taken away as it changes. What cannot be taken
 * away because calls hold it is owed, and goes when it comes back.
 */
final class Slots {

  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(int[].class);

  /** 128 bytes: two cache lines, because processors fetch them in pairs. */
  private static final int STRIDE = 32;

  /** Behind what was taken from a stripe, less what others than its owner gave back. */
  private static final int GIVEN_BY_OWNER = 1;

  private final int[] counts = new int[Stripe.length(STRIDE)];
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
      counts[Stripe.start(i % Stripe.COUNT, STRIDE)]--;
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
      giveTo(Stripe.mine());
    }
  }

  private void giveTo(int stripe) {
    int index = Stripe.start(stripe, STRIDE);
    if (Stripe.isOwned(stripe)) {
      int given = (int) COUNT.getOpaque(counts, index + GIVEN_BY_OWNER);
      COUNT.setRelease(counts, index + GIVEN_BY_OWNER, given + 1);
    } else {
      COUNT.getAndAdd(counts, index, -1);
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
        giveTo(more % Stripe.COUNT);
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
    for (int stripe = 0; stripe < Stripe.COUNT; stripe++) {
      taken -= free(Stripe.start(stripe, STRIDE));
    }
    return taken;
  }

  /** Both counts as they were at one moment; between two looks thousands may come and go. */
  private int free(int index) {
    while (true) {
      int given = (int) COUNT.getAcquire(counts, index + GIVEN_BY_OWNER);
      int taken = (int) COUNT.getAcquire(counts, index);
      if (given == (int) COUNT.getAcquire(counts, index + GIVEN_BY_OWNER)) {
        return given - taken;
      }
    }
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
    int taken = (int) COUNT.getAcquire(counts, index);
    while ((int) COUNT.getAcquire(counts, index + GIVEN_BY_OWNER) - taken > 0) {
      int found = (int) COUNT.compareAndExchange(counts, index, taken, taken + 1);
      if (found == taken) {
        return true;
      }
      taken = found;
    }
    return false;
  }
}
