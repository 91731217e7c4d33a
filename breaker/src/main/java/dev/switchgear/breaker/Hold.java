package dev.switchgear.breaker;

import java.util.Optional;

/**
 * Who holds a breaker, why, and until when.
 *
 * @param who not empty
 * @param untilMillis the hold ends by itself then, epoch milliseconds
 */
public record Hold(String who, String why, long untilMillis) {
  public Hold {
    if (who.isBlank()) {
      throw Argument.bad("who", "\"" + who + "\"", "a name");
    }
  }

  /** The end of the hold: what a held state answers to the passing of time. */
  Optional<State.Change> end(State held, Moment moment) {
    return moment.nowMillis() < untilMillis
        ? Optional.empty()
        : held.onRelease(moment)
            .flatMap(to -> State.Change.to(to, "the hold by " + who + " is over"));
  }
}
