package dev.switchgear.console.view;

import dev.switchgear.gamedays.drill.DemoSnapshot;
import dev.switchgear.gamedays.drill.DemoSnapshot.QueueLine;
import dev.switchgear.schemas.BreakerTransition;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.StringJoiner;

/** The demo as lines for a log: what happens as it happens, and how things stand now and then. */
final class PlainView implements DemoScreen {

  private static final Duration BETWEEN_STATUS_LINES = Duration.ofSeconds(5);

  private final PrintStream out;
  private final Style style;
  private final InstantSource clock;
  private final long startedAtMillis;
  private Duration nextStatus = Duration.ZERO;
  private boolean closed;

  PlainView(PrintStream out, Style style, InstantSource clock) {
    this.out = out;
    this.style = style;
    this.clock = clock;
    this.startedAtMillis = clock.millis();
  }

  @Override
  public synchronized void headline(String title, String detail) {
    if (!closed) {
      out.println();
    }
    line(clock.millis(), "== " + Figures.title(title) + " ==  " + detail);
  }

  @Override
  public synchronized void snapshot(DemoSnapshot snapshot) {
    if (snapshot.elapsed().compareTo(nextStatus) >= 0) {
      nextStatus = snapshot.elapsed().plus(BETWEEN_STATUS_LINES);
      line(clock.millis(), status(snapshot));
    }
  }

  @Override
  public synchronized void transition(BreakerTransition t) {
    String states =
        StateLabel.of(t.getFrom()) + " " + style.arrow() + " " + StateLabel.of(t.getTo());
    line(
        t.getAtMillis(),
        t.getBreaker() + "  " + states + "  (epoch " + t.getEpoch() + ")  " + t.getReason());
  }

  @Override
  public synchronized void notice(String text) {
    line(clock.millis(), text);
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  private static String status(DemoSnapshot snapshot) {
    StringJoiner parts = new StringJoiner("; ", "status: ", "");
    snapshot
        .services()
        .forEach(
            s ->
                parts.add(
                    s.name()
                        + " "
                        + Figures.rate(s.callsPerSecond())
                        + "/s, "
                        + Figures.percent(s.errorShare())
                        + " errors, p99 "
                        + Figures.millis(s.p99Millis())));
    QueueLine orders = snapshot.orders();
    return parts
        .add(
            "orders parked "
                + orders.parked()
                + ", in flight "
                + orders.inFlight()
                + ", replayed "
                + orders.replayed())
        .toString();
  }

  private void line(long atMillis, String text) {
    if (closed) {
      return;
    }
    double seconds = Math.max(0, atMillis - startedAtMillis) / 1000.0;
    out.printf(Locale.ROOT, "%7.1f s  %s%n", seconds, Line.clean(text));
    out.flush();
  }
}
