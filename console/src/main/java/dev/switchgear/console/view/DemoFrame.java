package dev.switchgear.console.view;

import dev.switchgear.gamedays.drill.DemoSnapshot;
import dev.switchgear.gamedays.drill.DemoSnapshot.BreakerLine;
import dev.switchgear.gamedays.drill.DemoSnapshot.QueueLine;
import dev.switchgear.gamedays.drill.DemoSnapshot.ServiceLine;
import dev.switchgear.schemas.BreakerTransition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays a {@link Scene} out in a window: the act, the services, the breakers, the queue, and as many
 * of the latest events as there are rows left. All tables share one grid.
 */
final class DemoFrame {

  private static final int MARGIN = 2;
  private static final int WIDEST = 132;
  private static final int NAME = 22;
  private static final int NUMBER = 9;
  private static final int WIDE_NUMBER = 11;
  private static final int STATE = 12;
  private static final int BAR = 20;
  private static final int TIME = 6;

  /** So wide that the bar of the queue stands below those of the breakers. */
  private static final int QUEUE = NAME + 2 + STATE - NUMBER - WIDE_NUMBER - 2;

  /** An error share that is worth a colour. */
  private static final double ERRORS_TO_NOTICE = 0.01;

  /** From here on a line has room for the reason beside a breaker, and for both states. */
  private static final int ROOMY = 100;

  private final Style style;
  private final int width;
  private final int inner;
  private final int rows;
  private final List<String> lines = new ArrayList<>();

  private DemoFrame(Style style, int columns, int rows) {
    this.style = style;
    this.width = Math.max(1, Math.min(columns, WIDEST) - MARGIN);
    this.inner = Math.max(0, width - MARGIN);
    this.rows = rows;
  }

  /**
   * Lines of at most the given number of columns.
   *
   * @param subtitle beside the name of the program
   */
  static List<String> of(Scene scene, String subtitle, Style style, int columns, int rows) {
    return new DemoFrame(style, columns, rows).lay(scene, subtitle);
  }

  private List<String> lay(Scene scene, String subtitle) {
    DemoSnapshot snapshot = scene.snapshot();
    title(subtitle, snapshot == null ? Duration.ZERO : snapshot.elapsed());
    add(line().left(scene.title(), inner, Ink.BOLD));
    add(line().left(scene.detail(), inner, Ink.PLAIN));
    blank();
    if (snapshot != null) {
      services(snapshot.services());
      breakers(snapshot.breakers());
      queue(snapshot.orders());
    }
    scene.newest(Math.max(0, rows - lines.size())).forEach(this::event);
    return lines;
  }

  private void title(String subtitle, Duration elapsed) {
    String name = "Switchgear demo";
    int rest = Math.max(0, inner - name.length() - NUMBER);
    add(
        line()
            .left(name, name.length(), Ink.BOLD)
            .left("  " + subtitle, rest, Ink.FAINT)
            .right(Figures.clock(elapsed), NUMBER, Ink.PLAIN));
    blank();
  }

  private void services(List<ServiceLine> services) {
    add(
        line()
            .left("SERVICE", NAME, Ink.FAINT)
            .right("CALLS/S", NUMBER, Ink.FAINT)
            .right("ERRORS", NUMBER, Ink.FAINT)
            .right("P99", WIDE_NUMBER, Ink.FAINT)
            .gap(3)
            .left("FAULT", rest(NAME + 2 * NUMBER + WIDE_NUMBER + 3), Ink.FAINT));
    services.forEach(this::service);
    blank();
  }

  private void service(ServiceLine service) {
    boolean called = service.callsPerSecond() > 0;
    String name = service.name() + " " + style.times() + service.instances();
    Ink errors = service.errorShare() >= ERRORS_TO_NOTICE ? Ink.RED : Ink.PLAIN;
    add(
        line()
            .left(name, NAME, Ink.PLAIN)
            .right(Figures.rate(service.callsPerSecond()), NUMBER, Ink.PLAIN)
            .right(called ? Figures.percent(service.errorShare()) : style.dot(), NUMBER, errors)
            .right(
                called ? Figures.millis(service.p99Millis()) : style.dot(), WIDE_NUMBER, Ink.PLAIN)
            .gap(3)
            .left(service.fault(), rest(NAME + 2 * NUMBER + WIDE_NUMBER + 3), Ink.RED));
  }

  private void breakers(List<BreakerLine> breakers) {
    Line header =
        line()
            .left("BREAKER", NAME, Ink.FAINT)
            .gap(2)
            .left("STATE", STATE, Ink.FAINT)
            .left("CALLS LET THROUGH", BAR + 7, Ink.FAINT)
            .right("EPOCH", 7, Ink.FAINT);
    add(inner < ROOMY ? header : header.gap(3).left("REASON", reasonWidth(), Ink.FAINT));
    breakers.forEach(this::breaker);
    blank();
  }

  private void breaker(BreakerLine breaker) {
    Ink ink = StateLabel.ink(breaker.state());
    Line line =
        line()
            .left(breaker.breaker(), NAME, Ink.PLAIN)
            .gap(2)
            .left(StateLabel.of(breaker.state()), STATE, ink)
            .bar(breaker.admittedShare() / 10_000.0, BAR, ink)
            .right(Figures.share(breaker.admittedShare()), 7, Ink.PLAIN)
            .right(Long.toString(breaker.epoch()), 7, Ink.FAINT);
    add(inner < ROOMY ? line : line.gap(3).left(breaker.reason(), reasonWidth(), Ink.FAINT));
  }

  private int reasonWidth() {
    return rest(NAME + 2 + STATE + BAR + 7 + 7 + 3);
  }

  private void queue(QueueLine queue) {
    add(
        line()
            .left("QUEUE", QUEUE, Ink.FAINT)
            .right("PARKED", NUMBER, Ink.FAINT)
            .right("IN FLIGHT", WIDE_NUMBER, Ink.FAINT)
            .gap(2)
            .left("REPLAYED", BAR, Ink.FAINT));
    boolean used = queue.parkedTotal() > 0;
    double done = used ? (double) queue.replayed() / queue.parkedTotal() : 0;
    String replayed = used ? queue.replayed() + " of " + queue.parkedTotal() : "nothing parked yet";
    add(
        line()
            .left("orders", QUEUE, Ink.PLAIN)
            .right(Long.toString(queue.parked()), NUMBER, queue.parked() > 0 ? Ink.CYAN : Ink.PLAIN)
            .right(Long.toString(queue.inFlight()), WIDE_NUMBER, Ink.PLAIN)
            .gap(2)
            .bar(done, BAR, Ink.CYAN)
            .gap(2)
            .left(
                replayed,
                rest(QUEUE + NUMBER + WIDE_NUMBER + BAR + 4),
                used ? Ink.PLAIN : Ink.FAINT));
    blank();
  }

  private void event(Scene.Event event) {
    Line line = line().right(Figures.clock(event.at()), TIME, Ink.FAINT).gap(2);
    if (event instanceof Scene.Transition t) {
      transition(line, t.transition());
    } else if (event instanceof Scene.Notice notice) {
      Ink ink = notice.text().startsWith("PROBLEM") ? Ink.RED : Ink.PLAIN;
      line.left(notice.text(), rest(TIME + 2), ink);
    }
    add(line);
  }

  private void transition(Line line, BreakerTransition transition) {
    Ink ink = StateLabel.ink(transition.getTo());
    line.left(transition.getBreaker(), NAME - 1, Ink.PLAIN).gap(1);
    int states = STATE;
    if (inner >= ROOMY) {
      line.left(StateLabel.of(transition.getFrom()), STATE, Ink.FAINT);
      line.left(style.arrow(), 3, Ink.FAINT);
      states += STATE + 3;
    }
    line.left(StateLabel.of(transition.getTo()), STATE, ink);
    line.left(transition.getReason(), rest(TIME + 2 + NAME + states), Ink.PLAIN);
  }

  /** Columns left of a line, none where the window is too narrow for its table. */
  private int rest(int used) {
    return Math.max(0, inner - used);
  }

  private Line line() {
    return new Line(style, width).gap(MARGIN);
  }

  private void add(Line line) {
    lines.add(line.toString());
  }

  private void blank() {
    lines.add("");
  }
}
