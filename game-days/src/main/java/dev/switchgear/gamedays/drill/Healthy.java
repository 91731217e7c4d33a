package dev.switchgear.gamedays.drill;

import java.time.Duration;

/** All is well for a while. */
record Healthy(Duration length) implements Act {

  @Override
  public String title() {
    return "healthy";
  }

  @Override
  public String detail() {
    return "Every dependency answers, every breaker is closed.";
  }

  @Override
  public Timings play(Stage stage) throws InterruptedException {
    stage.pause(length);
    return Timings.NOTHING_SICK;
  }
}
