package dev.switchgear.breaker;

import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.Locale;
import java.util.Optional;

/**
 * A few calls of the whole fleet pass. Proven well, it goes on to the first step of the ramp that
 * is above the share already proven, or to {@link Closed} where there is none; proven ill, back to
 * {@link Open} for longer. A probe that never completes holds nothing: when the share no longer
 * fits the demand, it is set anew.
 *
 * @param admittedShare per ten thousand, 1..10000
 * @param rearmMillis not before this moment is the share set anew, epoch milliseconds
 * @param failedRecoveries recoveries that failed in a row, at least 0
 */
public record Probing(int admittedShare, long rearmMillis, int failedRecoveries) implements State {

  public Probing {
    Argument.between("admittedShare", admittedShare, 1, FULL_SHARE);
    Argument.atLeastZero("failedRecoveries", failedRecoveries);
  }

  /** As it was published. */
  public static Probing adopted(int admittedShare, BreakerPolicy policy, long nowMillis) {
    long rearm = nowMillis + policy.probes().rearm().toMillis();
    return new Probing(Math.max(1, admittedShare), rearm, 0);
  }

  @Override
  public long retryAfterMillis(BreakerPolicy policy, long nowMillis) {
    return policy.probes().rearm().toMillis();
  }

  @Override
  public Optional<Change> onVerdict(Verdict verdict, Moment moment) {
    if (verdict instanceof Verdict.Failing failing) {
      return Change.to(
          moment.open(failedRecoveries + 1), "probes failed: " + failing.symptom().describe());
    }
    if (verdict instanceof Verdict.Healthy healthy) {
      return Change.to(moment.above(admittedShare, failedRecoveries), wellReason(healthy));
    }
    return Optional.empty();
  }

  @Override
  public Optional<Change> onTick(Moment moment) {
    if (!moment.reached(rearmMillis)) {
      return Optional.empty();
    }
    double fit = moment.probeShare() / (double) admittedShare;
    return fit > 0.5 && fit < 2
        ? Optional.empty()
        : Change.to(moment.probe(failedRecoveries), demandReason(moment));
  }

  @Override
  public State due(long nowMillis) {
    return new Probing(admittedShare, nowMillis, failedRecoveries);
  }

  static String demandReason(Moment moment) {
    return String.format(
        Locale.ROOT,
        "demand is now %.3g calls/s, the share of probes follows",
        moment.demandPerSecond());
  }

  private static String wellReason(Verdict.Healthy healthy) {
    return (healthy.calls() - healthy.bad()) + " of " + healthy.calls() + " probes are well";
  }
}
