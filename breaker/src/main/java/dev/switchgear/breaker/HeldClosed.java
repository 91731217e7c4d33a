package dev.switchgear.breaker;

import java.util.Optional;

/**
 * All calls pass, by command, whatever the evidence says. When the hold ends it goes on to {@link
 * Closed}.
 */
public record HeldClosed(Hold hold) implements State {

  @Override
  public int admittedShare() {
    return FULL_SHARE;
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
    return Optional.of(moment.unheld(Closed.INITIAL));
  }
}
