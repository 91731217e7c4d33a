package dev.switchgear.console.view;

import dev.switchgear.schemas.BreakerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** The breakers of a fleet, one line each. */
public final class BoardTable {

  private static final int STATE = 13;
  private static final int SHARE = 7;
  private static final int EPOCH = 7;
  private static final int TIME = 9;

  private final Style style;
  private final Instant now;
  private final Rows rows;

  private BoardTable(Rows rows, Instant now, Style style) {
    this.rows = rows;
    this.now = now;
    this.style = style;
  }

  /**
   * A header and a line for each breaker, two where a window is too narrow for the reason.
   *
   * @param width columns a line may have
   */
  public static List<String> of(
      Collection<BreakerState> states, Instant now, Style style, int width) {
    Rows rows = new Rows(states.stream().map(BreakerState::getBreaker), style, width);
    BoardTable table = new BoardTable(rows, now, style);
    table.addHeader();
    states.forEach(table::add);
    return rows.lines();
  }

  /** One change for a log: time of the decision, breaker, state, share, epoch, reason. */
  public static String change(BreakerState state, Style style) {
    return Figures.timeOfDay(state.getDecidedAtMillis())
        + "  "
        + Line.clean(state.getBreaker())
        + "  "
        + style.paint(StateLabel.ink(state.getState()), StateLabel.of(state.getState()))
        + "  "
        + Figures.share(state.getAdmittedShare())
        + "  (epoch "
        + state.getEpoch()
        + ")  "
        + Line.clean(state.getReason());
  }

  private void addHeader() {
    rows.addHeader(
        rows.begin("BREAKER", Ink.FAINT)
            .left("STATE", STATE, Ink.FAINT)
            .right("SHARE", SHARE, Ink.FAINT)
            .right("EPOCH", EPOCH, Ink.FAINT)
            .right("SINCE", TIME, Ink.FAINT)
            .right("UNTIL", TIME + 1, Ink.FAINT));
  }

  private void add(BreakerState state) {
    Line line =
        rows.begin(state.getBreaker(), Ink.PLAIN)
            .left(StateLabel.of(state.getState()), STATE, StateLabel.ink(state.getState()))
            .right(Figures.share(state.getAdmittedShare()), SHARE, Ink.PLAIN)
            .right(Long.toString(state.getEpoch()), EPOCH, Ink.PLAIN)
            .right(since(state), TIME, Ink.PLAIN)
            .right(until(state), TIME + 1, Ink.PLAIN);
    rows.add(line, state.getReason());
  }

  private String since(BreakerState state) {
    return Figures.span(Duration.between(Instant.ofEpochMilli(state.getDecidedAtMillis()), now));
  }

  private String until(BreakerState state) {
    return state.getUntilMillis() == 0 ? style.dot() : Figures.timeOfDay(state.getUntilMillis());
  }
}
