package dev.switchgear.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.gamedays.drill.DemoSnapshot;
import dev.switchgear.schemas.State;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class DemoScreenTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, false, StandardCharsets.UTF_8);
  private final InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(500));

  private String written() {
    out.flush();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void toAFile_everythingThatHappensIsALineWithItsTime() {
    try (PlainView view = new PlainView(out, new Style(false, true), clock)) {
      view.headline("payments fail", "Orders wait.");
      view.notice("fault: payments answers 500");
      view.transition(
          Scenes.transition("payments/charge", State.CLOSED, State.OPEN, "48 of 51 failed"));
    }

    assertThat(written().lines())
        .containsExactly(
            "",
            "    0.0 s  == Payments fail ==  Orders wait.",
            "    0.0 s  fault: payments answers 500",
            "    0.5 s  payments/charge  CLOSED → OPEN  (epoch 1)  48 of 51 failed");
  }

  @Test
  void toAFile_statusIsALineEveryFiveSeconds() {
    try (PlainView view = new PlainView(out, new Style(false, true), clock)) {
      for (int millis = 0; millis <= 10_000; millis += 250) {
        view.snapshot(at(Duration.ofMillis(millis)));
      }
    }

    assertThat(written().lines())
        .hasSize(3)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("payments 0.4/s, 94 % errors, p99 1.2 s")
                    .contains("orders parked 312, in flight 20, replayed 118"));
  }

  @Test
  void inAWindow_everyEventIsDrawnAtOnce_andNothingAfterTheEnd() {
    Terminal terminal =
        Terminal.interactive(out, new Style(false, true), () -> new Terminal.Size(100, 30));
    LiveView view = new LiveView(terminal, "Kafka", clock);
    view.snapshot(Scenes.snapshot());
    view.transition(Scenes.transition("search/query", State.CLOSED, State.OPEN, "all failed"));
    assertThat(written()).contains("payments/charge").contains("all failed");
    view.close();

    view.notice("too late");

    assertThat(written()).endsWith("\u001b[?25h").doesNotContain("too late");
  }

  private static DemoSnapshot at(Duration elapsed) {
    DemoSnapshot snapshot = Scenes.snapshot();
    return new DemoSnapshot(
        elapsed, snapshot.act(), snapshot.services(), snapshot.breakers(), snapshot.orders());
  }
}
