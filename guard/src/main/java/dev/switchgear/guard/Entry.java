package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** A breaker's state, resolved to what one admission needs to know. Immutable. */
final class Entry {

  /** Admitted shares are per this many. */
  static final int ALL = 10_000;

  /** No timeout is recommended. */
  static final long NONE = 0;

  private static final Refusal[] NO_REFUSALS = {};

  private final Permit permit;

  /** The permit's, at hand: whoever calls would fetch one object after the other to get there. */
  private final Turnstile turnstile;

  private final int share;
  private final Refusal[] refusals;
  private final long timeoutNanos;

  private Entry(Permit permit, int share, Refusal[] refusals, long timeoutNanos) {
    this.permit = permit;
    this.turnstile = permit.tally().turnstile();
    this.share = share;
    this.refusals = refusals;
    this.timeoutNanos = timeoutNanos;
  }

  /** Admits everything: the fleet has said nothing about the breaker. */
  static Entry unjudged(Permit permit) {
    return new Entry(permit, ALL, NO_REFUSALS, NONE);
  }

  /**
   * Obeys the state; admitted calls get the permit.
   *
   * @param timeoutNanos what is recommended to callers; {@link #NONE} for nothing
   */
  static Entry of(BreakerState state, Permit permit, long timeoutNanos) {
    int share = share(state);
    Refusal[] refusals = share == ALL ? NO_REFUSALS : refusal(state).variants();
    return new Entry(permit, share, refusals, timeoutNanos);
  }

  Permit permit() {
    return permit;
  }

  /** Counts those who are let in and turned away. */
  Turnstile turnstile() {
    return turnstile;
  }

  long timeoutNanos() {
    return timeoutNanos;
  }

  /** Whether no call is refused. */
  boolean admitsAll() {
    return share == ALL;
  }

  /** Whether any call can be admitted. */
  boolean admitsSome() {
    return share > 0;
  }

  /** Draws whether one call is admitted. */
  boolean admits() {
    return admitsAll() || (admitsSome() && ThreadLocalRandom.current().nextInt(ALL) < share);
  }

  /** Whether the caller at that place of {@link #ALL} is among those admitted. */
  boolean admits(int place) {
    return place < share;
  }

  /** One of the refusals. Only for an entry that does not admit all. */
  Refusal refusal(int turn) {
    return Refusal.pick(refusals, turn);
  }

  /** How many of {@link #ALL} calls the state lets through. */
  static int share(BreakerState state) {
    return switch (state.getState()) {
      case HELD_OPEN -> 0;
      case HELD_CLOSED, SHADOW -> ALL;
      case UNKNOWN, CLOSED, OPEN, PROBING, RECOVERING -> state.getAdmittedShare();
    };
  }

  private static Refusal refusal(BreakerState state) {
    return new Refusal(
        Stage.BREAKER,
        state.getBreaker(),
        state.getEpoch(),
        state.getReason(),
        Duration.ofMillis(state.getRetryAfterMillis()),
        state.getExemplars(),
        null);
  }
}
