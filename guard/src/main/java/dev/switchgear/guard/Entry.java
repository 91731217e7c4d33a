package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** A breaker's state, resolved to what one admission needs to know. Immutable. */
final class Entry {

  /** Admitted shares are per this many. */
  static final int ALL = 10_000;

  /** Refusals are made beforehand, each with another part of the jitter. */
  private static final int REFUSALS = 32;

  /** Neighbours in turn get distant parts: 2^32 over the golden ratio (Knuth's hashing). */
  private static final int SPREAD = 0x9E3779B9;

  /** The most by which a retry-after is lengthened. */
  private static final double JITTER = 0.2;

  private final Permit permit;
  private final int share;
  private final Refusal[] refusals;

  private Entry(Permit permit, int share, Refusal[] refusals) {
    this.permit = permit;
    this.share = share;
    this.refusals = refusals;
  }

  /** Admits everything: the fleet has said nothing about the breaker. */
  static Entry unjudged(Permit permit) {
    return new Entry(permit, ALL, new Refusal[0]);
  }

  /** Obeys the state; admitted calls get the permit. */
  static Entry of(BreakerState state, Permit permit) {
    int share = share(state);
    return new Entry(permit, share, share == ALL ? new Refusal[0] : refusals(state));
  }

  Permit permit() {
    return permit;
  }

  /** Draws whether one call is admitted. */
  boolean admits() {
    return share == ALL || (share > 0 && ThreadLocalRandom.current().nextInt(ALL) < share);
  }

  /**
   * One of the refusals. Only for an entry that does not admit all.
   *
   * @param turn any number; another one gives another part of the jitter
   */
  Refusal refusal(int turn) {
    return refusals[((turn * SPREAD) >>> 16) & (REFUSALS - 1)];
  }

  /** How many of {@link #ALL} calls the state lets through. */
  static int share(BreakerState state) {
    return switch (state.getState()) {
      case HELD_OPEN -> 0;
      case HELD_CLOSED, SHADOW -> ALL;
      case UNKNOWN, CLOSED, OPEN, PROBING, RECOVERING -> state.getAdmittedShare();
    };
  }

  private static Refusal[] refusals(BreakerState state) {
    Refusal[] refusals = new Refusal[REFUSALS];
    for (int i = 0; i < REFUSALS; i++) {
      double longer = 1 + JITTER * i / (REFUSALS - 1);
      Duration retryAfter = Duration.ofMillis(Math.round(state.getRetryAfterMillis() * longer));
      refusals[i] =
          new Refusal(state.getBreaker(), state.getEpoch(), state.getReason(), retryAfter);
    }
    return refusals;
  }
}
