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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Between what is published of a breaker and what the brain knows of it. What is not published is
 * lost on the way in: how often recovery failed, who holds a breaker, what a shadow hides. No
 * deadline is put off for longer than the policy would.
 */
final class LocalStates {

  private static final String WHO = "an operator";

  /** A hold may be released at any moment; a caller that was refused looks again after this. */
  private static final long HOLD_RETRY_MILLIS = 60_000;

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
      case OPEN -> {
        long latest = nowMillis + policy.backOff().longestMillis();
        yield new Open(Math.min(published.getUntilMillis(), latest), 0);
      }
      case PROBING ->
          new Probing(Math.max(1, share), nowMillis + policy.probes().rearm().toMillis(), 0);
      case RECOVERING -> {
        int within = Math.max(1, Math.min(Entry.ALL - 1, share));
        long until = nowMillis + policy.ramp().step().toMillis();
        yield new Recovering(step(within, policy.ramp().shares()), within, until, 0);
      }
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
        .setRetryAfterMillis(retryAfterMillis(brain, nowMillis))
        .setReason("judged by this instance alone: " + reason)
        .setDecidedAtMillis(brain.sinceMillis())
        .setUntilMillis(brain.state().untilMillis())
        .build();
  }

  private static Hold hold(BreakerState published) {
    return new Hold(WHO, published.getReason(), published.getUntilMillis());
  }

  /** The step of the ramp that admits this much, or the last one below. */
  private static int step(int share, List<Integer> shares) {
    return Math.max(0, (int) shares.stream().filter(each -> each <= share).count() - 1);
  }

  private static int retryAfterMillis(Breaker brain, long nowMillis) {
    dev.switchgear.breaker.State state = brain.state();
    long left = Math.max(0, state.untilMillis() - nowMillis);
    long after = 0;
    if (state instanceof Open) {
      after = left;
    } else if (state instanceof HeldOpen) {
      after = Math.min(left, HOLD_RETRY_MILLIS);
    } else if (state instanceof Probing) {
      after = brain.policy().probes().rearm().toMillis();
    } else if (state instanceof Recovering) {
      after = brain.policy().ramp().step().toMillis();
    }
    return (int) Math.min(Integer.MAX_VALUE, after);
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
