package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.State;

/** Breaker states to obey. */
final class States {

  static final String BREAKER = "payments/charge";

  private States() {}

  static BreakerState closed(long epoch) {
    return state(State.CLOSED, epoch, 10_000);
  }

  static BreakerState open(long epoch) {
    return state(State.OPEN, epoch, 0);
  }

  static BreakerState state(State state, long epoch, int admittedShare) {
    return unbuilt(state, epoch, admittedShare).build();
  }

  static BreakerState.Builder unbuilt(State state, long epoch, int admittedShare) {
    return BreakerState.newBuilder()
        .setBreaker(BREAKER)
        .setState(state)
        .setEpoch(epoch)
        .setAdmittedShare(admittedShare)
        .setRetryAfterMillis(1_000)
        .setReason("half of the calls fail")
        .setDecidedAtMillis(1);
  }
}
