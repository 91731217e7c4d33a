package dev.switchgear.detector;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.Closed;
import dev.switchgear.breaker.HeldClosed;
import dev.switchgear.breaker.HeldOpen;
import dev.switchgear.breaker.Hold;
import dev.switchgear.breaker.Open;
import dev.switchgear.breaker.Probing;
import dev.switchgear.breaker.Recovering;
import dev.switchgear.breaker.Shadow;
import dev.switchgear.breaker.State;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.schemas.BreakerState;

/**
 * Goes on with a breaker of which only the published state is left. What a guard need not know is
 * lost: how often recovery failed, who holds a breaker, what a shadow hides. What is left is enough
 * for every deadline to come, and none is put off for longer than the policy would.
 */
final class Adoption {

  private static final String WHO = "an operator";

  private Adoption() {}

  static Judged adopted(BreakerState published, BreakerPolicy policy, long nowMillis) {
    Breaker breaker =
        Breaker.adopt(
            published.getBreaker(),
            policy,
            state(published, policy, nowMillis),
            published.getEpoch(),
            published.getDecidedAtMillis());
    return new Judged(
        breaker,
        published.getReason(),
        published.getExemplars(),
        published.getRecommendedTimeoutMillis(),
        nowMillis);
  }

  private static State state(BreakerState published, BreakerPolicy policy, long nowMillis) {
    int share = published.getAdmittedShare();
    return switch (published.getState()) {
      case CLOSED, UNKNOWN -> closed(published);
      case OPEN -> Open.adopted(published.getUntilMillis(), policy, nowMillis);
      case PROBING -> Probing.adopted(share, policy, nowMillis);
      case RECOVERING -> Recovering.adopted(share, policy, nowMillis);
      case HELD_OPEN -> new HeldOpen(hold(published));
      case HELD_CLOSED -> new HeldClosed(hold(published));
      case SHADOW ->
          new Shadow(published.getUntilMillis() > 0 ? hold(published) : null, closed(published));
    };
  }

  private static Closed closed(BreakerState published) {
    return new Closed(published.getEpoch() == 0 ? 0 : published.getDecidedAtMillis(), 0);
  }

  private static Hold hold(BreakerState published) {
    return new Hold(WHO, published.getReason(), published.getUntilMillis());
  }
}
