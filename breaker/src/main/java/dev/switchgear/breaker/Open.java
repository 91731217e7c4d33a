package dev.switchgear.breaker;

import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.Optional;

/**
 * No call passes. At {@code untilMillis} it goes on to {@link Probing}, whether anybody calls or
 * not. Verdicts change nothing: there are no calls of this epoch to judge.
 *
 * @param untilMillis when probing begins, epoch milliseconds
 * @param failedRecoveries recoveries that failed in a row, at least 0
 */
public record Open(long untilMillis, int failedRecoveries) implements State {

  public Open {
    Argument.atLeastZero("failedRecoveries", failedRecoveries);
  }

  /** As it was published, and not for longer than the policy would. */
  public static Open adopted(long untilMillis, BreakerPolicy policy, long nowMillis) {
    return new Open(Math.min(untilMillis, nowMillis + policy.backOff().longestMillis()), 0);
  }

  @Override
  public long retryAfterMillis(BreakerPolicy policy, long nowMillis) {
    return Math.max(0, untilMillis - nowMillis);
  }

  @Override
  public int admittedShare() {
    return 0;
  }

  @Override
  public Optional<Change> onVerdict(Verdict verdict, Moment moment) {
    return Optional.empty();
  }

  @Override
  public Optional<Change> onTick(Moment moment) {
    return moment.reached(untilMillis)
        ? Change.to(moment.probe(failedRecoveries), "back-off is over, looking whether it is well")
        : Optional.empty();
  }

  @Override
  public State due(long nowMillis) {
    return new Open(nowMillis, failedRecoveries);
  }
}
