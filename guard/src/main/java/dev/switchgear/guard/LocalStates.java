package dev.switchgear.guard;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.Closed;
import dev.switchgear.breaker.HeldClosed;
import dev.switchgear.breaker.HeldOpen;
import dev.switchgear.breaker.Hold;
import dev.switchgear.breaker.Open;
import dev.switchgear.breaker.Probing;
import dev.switchgear.breaker.Recovering;
import dev.switchgear.breaker.Shadow;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.State;
import org.jspecify.annotations.Nullable;

/**
 * Between what is published of a breaker and what the brain knows of it. What is not published is
 * lost on the way in: how often recovery failed, who holds a breaker, what a shadow hides. No
 * deadline is put off for longer than the policy would.
 */
final class LocalStates {

  private static final String WHO = "an operator";

  private LocalStates() {}

  /** Where the brain goes on; a breaker of which nothing was published is closed. */
  static dev.switchgear.breaker.State adopted(
      @Nullable BreakerState published, BreakerPolicy policy, long nowMillis) {
    if (published == null) {
      return new Closed(0, 0);
    }
    int share = published.getAdmittedShare();
    return switch (published.getState()) {
      case CLOSED, UNKNOWN ->
          new Closed(published.getEpoch() == 0 ? 0 : published.getDecidedAtMillis(), 0);
      case OPEN -> Open.adopted(published.getUntilMillis(), policy, nowMillis);
      case PROBING -> Probing.adopted(share, policy, nowMillis);
      case RECOVERING -> Recovering.adopted(share, policy, nowMillis);
      case HELD_OPEN -> new HeldOpen(hold(published));
      case HELD_CLOSED -> new HeldClosed(hold(published));
      case SHADOW ->
          new Shadow(published.getUntilMillis() > 0 ? hold(published) : null, new Closed(0, 0));
    };
  }

  /**
   * What the brain decided, as the gate obeys it.
   *
   * @param epoch the fleet's, as far as it is known
   */
  static BreakerState published(Breaker brain, long epoch, String reason, long nowMillis) {
    return BreakerState.newBuilder()
        .setBreaker(brain.id())
        .setState(name(brain.state()))
        .setEpoch(epoch)
        .setAdmittedShare(brain.state().admittedShare())
        .setRetryAfterMillis(brain.retryAfterMillis(nowMillis))
        .setReason("judged by this instance alone: " + reason)
        .setDecidedAtMillis(brain.sinceMillis())
        .setUntilMillis(brain.state().untilMillis())
        .build();
  }

  private static Hold hold(BreakerState published) {
    return new Hold(WHO, published.getReason(), published.getUntilMillis());
  }

  private static State name(dev.switchgear.breaker.State state) {
    if (state instanceof Closed) {
      return State.CLOSED;
    } else if (state instanceof Open) {
      return State.OPEN;
    } else if (state instanceof Probing) {
      return State.PROBING;
    } else if (state instanceof Recovering) {
      return State.RECOVERING;
    } else if (state instanceof HeldOpen) {
      return State.HELD_OPEN;
    }
    return state instanceof HeldClosed ? State.HELD_CLOSED : State.SHADOW;
  }
}
