package dev.switchgear.console.view;

import dev.switchgear.gamedays.drill.DemoSnapshot;
import dev.switchgear.schemas.BreakerTransition;
import java.time.Duration;
import java.time.InstantSource;

/** The demo in a window, redrawn in place. The last frame stays. */
final class LiveView implements DemoScreen {

  private final Terminal terminal;
  private final String subtitle;
  private final InstantSource clock;
  private final long startedAtMillis;
  private final Scene scene = new Scene();
  private final Canvas canvas;
  private boolean closed;

  LiveView(Terminal terminal, String subtitle, InstantSource clock) {
    this.terminal = terminal;
    this.subtitle = subtitle;
    this.clock = clock;
    this.startedAtMillis = clock.millis();
    this.canvas = new Canvas(terminal);
  }

  @Override
  public synchronized void headline(String title, String detail) {
    scene.headline(title, detail);
    draw();
  }

  @Override
  public synchronized void snapshot(DemoSnapshot snapshot) {
    scene.snapshot(snapshot);
    draw();
  }

  @Override
  public synchronized void transition(BreakerTransition transition) {
    scene.add(new Scene.Transition(sinceStart(transition.getAtMillis()), transition));
    draw();
  }

  @Override
  public synchronized void notice(String line) {
    scene.add(new Scene.Notice(sinceStart(clock.millis()), line));
    draw();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      canvas.close();
    }
  }

  private Duration sinceStart(long atMillis) {
    return Duration.ofMillis(atMillis - startedAtMillis);
  }

  private void draw() {
    if (!closed) {
      canvas.draw(DemoFrame.of(scene, subtitle, terminal.style(), canvas.columns(), canvas.rows()));
    }
  }
}
