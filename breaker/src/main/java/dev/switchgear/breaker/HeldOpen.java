package dev.switchgear.breaker;

import java.util.Optional;

/**
 * No call passes, by command. When the hold ends it goes on to {@link Probing}: nothing is known of
 * the dependency.
 */
public record HeldOpen(Hold hold) implements State {

  @Override
  public int admittedShare() {
    return 0;
  }

  @Override
  public long untilMillis() {
    return hold.untilMillis();
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
