package dev.switchgear.guard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * So many slots for calls that run at a time: a semaphore that nobody waits at. Thread-safe.
 *
 * <p>Free slots lie in stripes. A thread takes from its own, from the others' only if that is
 * empty, and gives back to its own: so slots wander to where calls are made, and two busy threads
 * seldom write to the same cache line. Slots are neither made nor lost on the way, so never are
 * more in use than there are; while others take and give back, one that wanders may be overlooked.
 */
final class Slots {

  private static final VarHandle FREE = MethodHandles.arrayElementVarHandle(int[].class);

  /** 128 bytes: two cache lines, because processors fetch them in pairs. */
  private static final int STRIDE = 32;

  private final int[] free = new int[STRIDE * Stripe.COUNT];
  private final int size;

  Slots(int size) {
    this.size = size;
    for (int i = 0; i < size; i++) {
      free[i % Stripe.COUNT * STRIDE]++;
    }
  }

  /** Takes a slot; false if none is free. */
  boolean take() {
    int mine = Stripe.mine();
    return takeFrom(mine) || takeFromOthers(mine);
  }

  /** Gives a taken slot back. */
  void giveBack() {
    FREE.getAndAdd(free, Stripe.mine() * STRIDE, 1);
  }

  int size() {
    return size;
  }

  /** How many are taken. */
  int taken() {
    int taken = size;
    for (int i = 0; i < free.length; i += STRIDE) {
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
    int index = stripe * STRIDE;
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
