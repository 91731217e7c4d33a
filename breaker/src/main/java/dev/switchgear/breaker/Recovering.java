package dev.switchgear.breaker;

import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.Optional;

/**
 * A growing share of calls passes. Proven well at the end of a step: the next step, after the last
 * one {@link Closed}. Leaning ill at the end of a step: one step back. Proven ill at any time:
 * {@link Open}. Without evidence it stays, unless demand has fallen so far that its share admits
 * fewer calls than probes would: then {@link Probing} finds out sooner.
 *
 * @param step index into the ramp, at least 0
 * @param admittedShare per ten thousand, 1..9999
 * @param untilMillis the step lasts at least until then, epoch milliseconds
 * @param failedRecoveries recoveries that failed in a row, at least 0
 */
public record Recovering(int step, int admittedShare, long untilMillis, int failedRecoveries)
    implements State {

  public Recovering {
    Argument.atLeastZero("step", step);
    Argument.between("admittedShare", admittedShare, 1, FULL_SHARE - 1);
    Argument.atLeastZero("failedRecoveries", failedRecoveries);
  }

  /** As it was published: at the step of the ramp that admits as much, or the last one below. */
  public static Recovering adopted(int admittedShare, BreakerPolicy policy, long nowMillis) {
    int within = Math.max(1, Math.min(FULL_SHARE - 1, admittedShare));
    long below = policy.ramp().shares().stream().filter(each -> each <= within).count();
    long until = nowMillis + policy.ramp().step().toMillis();
    return new Recovering((int) Math.max(0, below - 1), within, until, 0);
  }

  @Override
  public long retryAfterMillis(BreakerPolicy policy, long nowMillis) {
    return policy.ramp().step().toMillis();
  }

  @Override
  public Optional<Change> onVerdict(Verdict verdict, Moment moment) {
    if (verdict instanceof Verdict.Failing failing) {
      return Change.to(
          moment.open(failedRecoveries + 1), "recovery failed: " + failing.symptom().describe());
    }
    if (!moment.reached(untilMillis)) {
      return Optional.empty();
    }
    if (verdict instanceof Verdict.Healthy healthy) {
      return Change.to(
          moment.above(admittedShare, failedRecoveries),
          healthy.calls() + " calls at this share, " + healthy.bad() + " bad");
    }
    return verdict instanceof Verdict.LeaningIll leaning
        ? stepBack(leaning, moment)
        : Optional.empty();
  }

  @Override
  public Optional<Change> onTick(Moment moment) {
    boolean starving = moment.reached(untilMillis) && moment.probeShare() >= 2L * admittedShare;
    return starving
        ? Change.to(moment.probe(failedRecoveries), Probing.demandReason(moment))
        : Optional.empty();
  }

  @Override
  public State due(long nowMillis) {
    return new Recovering(step, admittedShare, nowMillis, failedRecoveries);
  }

  private Optional<Change> stepBack(Verdict.LeaningIll leaning, Moment moment) {
    return moment
        .below(admittedShare, failedRecoveries)
        .flatMap(
            to ->
                Change.to(
                    to,
                    leaning.bad()
                        + " of "
                        + leaning.calls()
                        + " calls bad at this share, one step back"));
  }
}
