package dev.switchgear.breaker;

import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.Optional;

/**
 * What a breaker decides now. A state carries only its own data and answers each event itself: with
 * the change it leads to, or with nothing.
 */
public sealed interface State
    permits Closed, Open, Probing, Recovering, HeldOpen, HeldClosed, Shadow {

  /** Every call is let through. */
  int FULL_SHARE = 10_000;

  /** Calls to let through, per ten thousand: 0..{@value #FULL_SHARE}. */
  int admittedShare();

  /** What the evidence of this state's own epoch leads to. */
  Optional<Change> onVerdict(Verdict verdict, Moment moment);

  /** What the passing of time leads to. */
  Optional<Change> onTick(Moment moment);

  /** Where it goes once nobody holds it any longer; empty where nobody does. */
  default Optional<State> onRelease(Moment moment) {
    return Optional.empty();
  }

  /** The same state with its deadline now; itself where it has none of its own. */
  default State due(long nowMillis) {
    return this;
  }

  /** The first moment at which this state can end by itself, epoch milliseconds; 0 for never. */
  default long untilMillis() {
    return 0;
  }

  /** How long whoever is refused had better wait; 0 where nobody is. */
  default long retryAfterMillis(BreakerPolicy policy, long nowMillis) {
    return 0;
  }

  /** A move to another state, or to the same kind of state with other data. */
  record Change(State to, String reason) {
    static Optional<Change> to(State to, String reason) {
      return Optional.of(new Change(to, reason));
    }
  }
}
