package dev.switchgear.breaker;

import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.Optional;

/**
 * No call passes, by command. When the hold ends it goes on to {@link Probing}: nothing is known of
 * the dependency.
 */
public record HeldOpen(Hold hold) implements State {

  /** A hold may be released at any moment; a caller that was refused looks again after this. */
  private static final long RETRY_MILLIS = 60_000;

  @Override
  public int admittedShare() {
    return 0;
  }

  @Override
  public long untilMillis() {
    return hold.untilMillis();
  }

  @Override
  public long retryAfterMillis(BreakerPolicy policy, long nowMillis) {
    return Math.max(0, Math.min(untilMillis() - nowMillis, RETRY_MILLIS));
  }

  @Override
  public Optional<Change> onVerdict(Verdict verdict, Moment moment) {
    return Optional.empty();
  }

  @Override
  public Optional<Change> onTick(Moment moment) {
    return hold.end(this, moment);
  }

  @Override
  public Optional<State> onRelease(Moment moment) {
    return Optional.of(moment.unheld(moment.probe(0)));
  }
}
