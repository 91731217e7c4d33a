package dev.switchgear.adapters.openfeature;

import dev.switchgear.guard.Admission;
import dev.switchgear.guard.Guard;
import dev.switchgear.guard.Permit;
import dev.switchgear.guard.Refusal;
import dev.switchgear.schemas.BreakerState;
import org.jspecify.annotations.Nullable;

/** A breaker that a flag follows, and who of the users is let through. Thread-safe. */
final class Followed {

  /** Shares are per this many. */
  private static final int PLACES = 10_000;

  private final Guard guard;
  private final Runnable moved;
  private final int salt;

  /**
   * What was last seen of the breaker by those let through; what a race overlooks is seen the next
   * time.
   */
  private @Nullable Permit seenPermit;

  /** The same by those who were not: while it recovers, there are both. */
  private @Nullable String seenReason;

  /**
   * Follows.
   *
   * @param moved told by the evaluation that finds the breaker in another epoch
   */
  Followed(Guard guard, Runnable moved) {
    this.guard = guard;
    this.moved = moved;
    this.salt = guard.breaker().hashCode();
  }

  /**
   * Lets a user through, or not. Somebody with a key gets the same answer as long as the share
   * stays, on every instance; nobody in particular is let through by chance, as calls are.
   */
  Admission admit(@Nullable String targetingKey) {
    Admission admission =
        targetingKey == null ? guard.admit() : guard.admit(place(targetingKey.hashCode() ^ salt));
    if (isNew(admission)) {
      moved.run();
    }
    return admission;
  }

  @SuppressWarnings("ReferenceEquality") // An epoch has one permit, and one reason.
  private boolean isNew(Admission admission) {
    if (admission instanceof Permit permit) {
      boolean differs = permit != seenPermit;
      seenPermit = permit;
      return differs;
    }
    String reason = ((Refusal) admission).reason();
    boolean differs = reason != seenReason;
    seenReason = reason;
    return differs;
  }

  /** Lets a user through whose calls are counted elsewhere; null if so. */
  @Nullable Refusal refuse(@Nullable String targetingKey) {
    Admission admission = admit(targetingKey);
    if (admission instanceof Permit permit) {
      permit.cancelled();
      return null;
    }
    return (Refusal) admission;
  }

  /** What is obeyed now, in a form that is another when that is. */
  String state() {
    return guard.state().map(Followed::state).orElse("");
  }

  private static String state(BreakerState state) {
    return "%s %s %d %d %s"
        .formatted(
            state.getBreaker(),
            state.getState(),
            state.getEpoch(),
            state.getAdmittedShare(),
            state.getReason());
  }

  /** Spreads evenly: the last steps of MurmurHash3, then as a fraction of all numbers. */
  static int place(int hash) {
    int h = hash;
    h = (h ^ (h >>> 16)) * 0x85EBCA6B;
    h = (h ^ (h >>> 13)) * 0xC2B2AE35;
    h ^= h >>> 16;
    return (int) ((Integer.toUnsignedLong(h) * PLACES) >>> 32);
  }
}
