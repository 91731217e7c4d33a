package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.State;
import io.opentelemetry.api.OpenTelemetry;

/** Breaker states to obey. */
final class States {

  static final String BREAKER = "payments/charge";

  /** Nobody is told what fallbacks answer. */
  static final Degradations UNTOLD = new Degradations(OpenTelemetry.noop());

  private States() {}

  /** The breaker's gate, which nobody retires. */
  static Gate gate() {
    return gate(BREAKER, UNTOLD);
  }

  static Gate gate(String breaker, Degradations degradations) {
    return new Gate(Bonds.of(breaker, Bonds.NOBODY), degradations, gate -> {});
  }

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
