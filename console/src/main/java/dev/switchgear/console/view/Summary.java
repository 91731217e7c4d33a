package dev.switchgear.console.view;

import dev.switchgear.gamedays.drill.DemoReport;
import dev.switchgear.gamedays.drill.DemoReport.Act;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What a run of the demo measured, for people. 80 columns. */
public final class Summary {

  private static final int MARGIN = 2;
  private static final int ACT = 26;
  private static final int NUMBER = 8;
  private static final int WIDTH = MARGIN + ACT + 6 * NUMBER;

  private final Style style;
  private final List<String> lines = new ArrayList<>();

  private Summary(Style style) {
    this.style = style;
  }

  /** The lines to print. */
  public static List<String> of(DemoReport report, Style style) {
    return new Summary(style).lay(report);
  }

  private List<String> lay(DemoReport report) {
    if (!report.acts().isEmpty()) {
      header();
      report.acts().forEach(this::act);
      lines.add("");
      orders(report.acts());
    }
    verdict(report);
    return lines;
  }

  private void header() {
    Line line = line().left("ACT", ACT, Ink.FAINT);
    for (String title : List.of("OPEN", "OBEYED", "CLOSED", "REACHED", "REFUSED", "FAILED")) {
      line.right(title, NUMBER, Ink.FAINT);
    }
    lines.add(line.toString());
  }

  private void act(Act act) {
    lines.add(
        line()
            .left(Figures.title(act.name()), ACT, Ink.PLAIN)
            .right(millis(act.faultToOpenMillis()), NUMBER, Ink.PLAIN)
            .right(millis(act.faultToObeyedMillis()), NUMBER, Ink.PLAIN)
            .right(millis(act.healToClosedMillis()), NUMBER, Ink.PLAIN)
            .right(count(act, act.callsReachedAfterFault()), NUMBER, Ink.PLAIN)
            .right(count(act, act.callsRefused()), NUMBER, Ink.PLAIN)
            .right(Long.toString(act.requests().failed()), NUMBER, Ink.PLAIN)
            .toString());
  }

  private String millis(@Nullable Long millis) {
    return millis == null ? style.dot() : Figures.millis(millis);
  }

  /** The act without a fault has nothing to reach or refuse. */
  private String count(Act act, long value) {
    return act.breaker() == null ? style.dot() : Long.toString(value);
  }

  private void orders(List<Act> acts) {
    String kept =
        sum(acts, act -> act.orders().accepted())
            + " accepted, "
            + sum(acts, act -> act.orders().parked())
            + " parked, "
            + sum(acts, act -> act.orders().replayed())
            + " replayed";
    lines.add(line().left("Orders", ACT, Ink.FAINT).left(kept, WIDTH - ACT, Ink.PLAIN).toString());
    lines.add(
        " ".repeat(MARGIN + ACT)
            + unwanted(sum(acts, act -> act.orders().lost()), "lost, ")
            + unwanted(sum(acts, act -> act.orders().duplicated()), "charged twice, ")
            + unwanted(sum(acts, act -> act.orders().outOfOrder()), "out of order"));
    lines.add("");
  }

  private String unwanted(long count, String what) {
    return style.paint(count == 0 ? Ink.GREEN : Ink.RED, count + " " + what);
  }

  private static long sum(List<Act> acts, ToLongFunction<Act> figure) {
    return acts.stream().mapToLong(figure).sum();
  }

  private void verdict(DemoReport report) {
    if (report.passed()) {
      lines.add("  " + style.paint(Ink.GREEN, "PASSED"));
      return;
    }
    lines.add("  " + style.paint(Ink.RED, "FAILED"));
    report.problems().forEach(problem -> lines.add("    " + Line.clean(problem)));
  }

  private Line line() {
    return new Line(style, WIDTH).gap(MARGIN);
  }
}
