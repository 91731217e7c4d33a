package dev.switchgear.breaker;

import dev.switchgear.breaker.evidence.Window;
import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.List;
import java.util.Optional;

/**
 * All that a state may know of the world when it decides.
 *
 * @param nowMillis wall clock, epoch milliseconds
 * @param sinceMillis when the running epoch began
 * @param policy the policy in force
 * @param window what is known of demand
 * @param random 0..1, the same for the same breaker and epoch: a decision can be made again
 */
record Moment(
    long nowMillis, long sinceMillis, BreakerPolicy policy, Window window, double random) {

  /**
   * Whether the epoch's deadline has come. A clock that was set back would put it off by hours:
   * once the epoch itself seems to begin in the future, its deadlines have come.
   */
  boolean reached(long deadlineMillis) {
    return nowMillis >= deadlineMillis || clockSetBack(sinceMillis, nowMillis);
  }

  static boolean clockSetBack(long sinceMillis, long nowMillis) {
    return sinceMillis > nowMillis + Window.CLOCK_SKEW_MILLIS;
  }

  /** Calls that callers want to make a second, refused ones included. */
  double demandPerSecond() {
    return window.demandPerSecond(nowMillis);
  }

  Open open(int failedRecoveries) {
    long millis = policy.backOff().millis(failedRecoveries, random);
    return new Open(nowMillis + millis, failedRecoveries);
  }

  Probing probe(int failedRecoveries) {
    return new Probing(
        probeShare(), nowMillis + policy.probes().rearm().toMillis(), failedRecoveries);
  }

  /**
   * The share that admits about the wanted number of probes out of today's demand; at least one in
   * ten thousand.
   */
  int probeShare() {
    double share = policy.probes().perSecond() / Math.max(demandPerSecond(), 1e-9);
    return (int) Math.max(1, Math.min(State.FULL_SHARE, Math.round(share * State.FULL_SHARE)));
  }

  /** The first step of the ramp above a share that is proven; closed where there is none. */
  State above(int provenShare, int failedRecoveries) {
    List<Integer> shares = policy.ramp().shares();
    for (int step = 0; step < shares.size(); step++) {
      if (shares.get(step) > provenShare) {
        return recover(step, failedRecoveries);
      }
    }
    return new Closed(nowMillis, failedRecoveries);
  }

  /** The last step of the ramp below a share. */
  Optional<State> below(int share, int failedRecoveries) {
    List<Integer> shares = policy.ramp().shares();
    for (int step = shares.size() - 1; step >= 0; step--) {
      if (shares.get(step) < share) {
        return Optional.of(recover(step, failedRecoveries));
      }
    }
    return Optional.empty();
  }

  /**
   * The state as it goes on into a new epoch. Deadlines that came because the clock was set back
   * stay reached: the new epoch will not know of the step.
   */
  State goingOn(State state) {
    return clockSetBack(sinceMillis, nowMillis) ? state.due(nowMillis) : state;
  }

  /** Where a breaker goes that nobody holds any longer: a policy that only watches still does. */
  State unheld(State state) {
    return policy.enforced() ? state : new Shadow(null, state);
  }

  private Recovering recover(int step, int failedRecoveries) {
    long until = nowMillis + policy.ramp().step().toMillis();
    return new Recovering(step, policy.ramp().shares().get(step), until, failedRecoveries);
  }
}
