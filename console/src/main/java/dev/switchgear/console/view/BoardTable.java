package dev.switchgear.console.view;

import dev.switchgear.schemas.BreakerState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The breakers of a fleet, one line each. */
public final class BoardTable {

  private static final int NARROWEST_NAME = 12;
  private static final int WIDEST_NAME = 44;
  private static final int STATE = 13;
  private static final int SHARE = 7;
  private static final int EPOCH = 7;
  private static final int TIME = 9;

  /** From here on a reason has room beside the rest. */
  private static final int ROOMY = 120;

  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final Style style;
  private final Instant now;
  private final int width;
  private final int name;

  private BoardTable(Collection<BreakerState> states, Instant now, Style style, int width) {
    this.style = style;
    this.now = now;
    this.width = width;
    int longest = states.stream().mapToInt(s -> s.getBreaker().length()).max().orElse(0);
    this.name = 2 + Math.max(NARROWEST_NAME, Math.min(WIDEST_NAME, longest));
  }

  /**
   * A header and a line for each breaker, two where a window is too narrow for the reason.
   *
   * @param width columns a line may have
   */
  public static List<String> of(
      Collection<BreakerState> states, Instant now, Style style, int width) {
    BoardTable table = new BoardTable(states, now, style, width);
    List<String> lines = new ArrayList<>();
    lines.add(table.header());
    states.forEach(state -> table.add(state, lines));
    return lines;
  }

  /** One change for a log: time of the decision, breaker, state, share, epoch, reason. */
  public static String change(BreakerState state, Style style) {
    return CLOCK.format(Instant.ofEpochMilli(state.getDecidedAtMillis()))
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

  private String header() {
    Line line =
        new Line(style, width)
            .left("BREAKER", name, Ink.FAINT)
            .left("STATE", STATE, Ink.FAINT)
            .right("SHARE", SHARE, Ink.FAINT)
            .right("EPOCH", EPOCH, Ink.FAINT)
            .right("SINCE", TIME, Ink.FAINT)
            .right("UNTIL", TIME + 1, Ink.FAINT);
    return (roomy() ? line.gap(2).left("REASON", width, Ink.FAINT) : line).toString();
  }

  private void add(BreakerState state, List<String> lines) {
    Line line =
        new Line(style, width)
            .left(state.getBreaker(), name, Ink.PLAIN)
            .left(StateLabel.of(state.getState()), STATE, StateLabel.ink(state.getState()))
            .right(Figures.share(state.getAdmittedShare()), SHARE, Ink.PLAIN)
            .right(Long.toString(state.getEpoch()), EPOCH, Ink.PLAIN)
            .right(since(state), TIME, Ink.PLAIN)
            .right(until(state), TIME + 1, Ink.PLAIN);
    if (roomy()) {
      lines.add(line.gap(2).left(state.getReason(), width, Ink.PLAIN).toString());
    } else {
      lines.add(line.toString());
      lines.add(new Line(style, width).gap(2).left(state.getReason(), width, Ink.FAINT).toString());
    }
  }

  private boolean roomy() {
    return width >= ROOMY;
  }

  private String since(BreakerState state) {
    return Figures.span(Duration.between(Instant.ofEpochMilli(state.getDecidedAtMillis()), now));
  }

  private String until(BreakerState state) {
    return state.getUntilMillis() == 0
        ? style.dot()
        : CLOCK.format(Instant.ofEpochMilli(state.getUntilMillis()));
  }
}
