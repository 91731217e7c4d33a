package dev.switchgear.breaker;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All calls pass, while the machine goes on beneath and says what it would do. When a hold ends,
 * what it says is enforced, unless the policy only watches.
 *
 * @param hold the command that asked for it; null where the policy did
 * @param judged the state that would be enforced
 */
public record Shadow(@Nullable Hold hold, State judged) implements State {

  public Shadow {
    if (judged instanceof Shadow || judged instanceof HeldOpen || judged instanceof HeldClosed) {
      throw Argument.bad("judged", judged, "a state that the machine came to by itself");
    }
  }

  @Override
  public int admittedShare() {
    return FULL_SHARE;
  }

  @Override
  public long untilMillis() {
    return hold == null ? 0 : hold.untilMillis();
  }

  @Override
  public Optional<Change> onVerdict(Verdict verdict, Moment moment) {
    return judged.onVerdict(verdict, moment).map(this::inShadow);
  }

  @Override
  public Optional<Change> onTick(Moment moment) {
    Optional<Change> end = hold == null ? Optional.empty() : hold.end(this, moment);
    return end.isPresent() ? end : judged.onTick(moment).map(this::inShadow);
  }

  @Override
  public Optional<State> onRelease(Moment moment) {
    return hold == null ? Optional.empty() : Optional.of(moment.unheld(moment.goingOn(judged)));
  }

  private Change inShadow(Change change) {
    return new Change(
        new Shadow(hold, change.to()),
        "would be " + change.to().getClass().getSimpleName() + ": " + change.reason());
  }
}
