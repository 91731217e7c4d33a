package dev.switchgear.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoFrameTest {

  private static final Style PLAIN = new Style(false, true);
  private static final Style ASCII = new Style(false, false);
  private static final Style COLOURED = new Style(true, true);

  @Test
  void in80Columns_everythingOfInterestHasItsPlace() {
    assertThat(DemoFrame.of(Scenes.full(), "Kafka localhost:1", PLAIN, 80, 23))
        .containsExactly(
            "  Switchgear demo  Kafka localhost:1                                      1:12",
            "",
            "  Payments fail",
            "  Orders are accepted, parked and charged later.",
            "",
            "  SERVICE                 CALLS/S   ERRORS        P99   FAULT",
            "  checkout ×2                 150    0.0 %      31 ms",
            "  payments ×2                 0.4     94 %      1.2 s   errors 100 %",
            "  search ×2                   0.0        ·          ·",
            "",
            "  BREAKER                 STATE       CALLS LET THROUGH            EPOCH",
            "  payments/charge         RECOVERING  ━━━━━───────────────   25 %      3",
            "  search/query            CLOSED      ━━━━━━━━━━━━━━━━━━━━  100 %      0",
            "",
            "  QUEUE            PARKED  IN FLIGHT  REPLAYED",
            "  orders              312         20  ━━━━━───────────────  118 of 430",
            "",
            "    0:04  fault: payments answers 500",
            "    0:05  payments/charge       OPEN        48 of 51 calls failed");
  }

  @Test
  void in120Columns_reasonsAndBothStatesAreShown() {
    assertThat(DemoFrame.of(Scenes.full(), "", PLAIN, 120, 40))
        .anySatisfy(
            line -> assertThat(line).contains("RECOVERING", "25 %", "48 of 51 calls failed"))
        .anySatisfy(line -> assertThat(line).contains("CLOSED      →  OPEN"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20, 40, 60, 79, 80, 99, 100, 120, 132, 133, 300})
  void noLineIsWiderThanTheWindow(int columns) {
    Scene scene = Scenes.full();
    scene.headline("x".repeat(400), "y".repeat(400));
    scene.add(new Scene.Notice(Duration.ofHours(30), "z".repeat(400)));

    for (Style style : List.of(PLAIN, ASCII)) {
      assertThat(DemoFrame.of(scene, "s".repeat(400), style, columns, 40))
          .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }
  }

  @Test
  void coloursBendNoColumn() {
    List<String> plain = DemoFrame.of(Scenes.full(), "k", PLAIN, 100, 40);
    List<String> coloured = DemoFrame.of(Scenes.full(), "k", COLOURED, 100, 40);

    assertThat(coloured).isNotEqualTo(plain);
    assertThat(coloured.stream().map(line -> line.replaceAll("\u001b\\[[0-9]*m", "")))
        .containsExactlyElementsOf(plain);
  }

  @Test
  void asciiIsEnough() {
    Scene scene = Scenes.full();
    scene.headline("x".repeat(400), "");

    assertThat(String.join("", DemoFrame.of(scene, "", ASCII, 120, 40))).matches("[ -~]*");
  }

  @Test
  void whenRowsAreFew_theNewestEventsStay() {
    Scene scene = Scenes.full();
    for (int i = 0; i < 500; i++) {
      scene.add(new Scene.Notice(Duration.ofSeconds(i), "event " + i));
    }

    List<String> lines = DemoFrame.of(scene, "", PLAIN, 80, 24);

    assertThat(lines).hasSize(24);
    assertThat(lines.get(23)).endsWith("event 499");
  }

  @Test
  void whatComesFromKafkaCannotSteerTheTerminal() {
    Scene scene = Scenes.full();
    scene.add(
        new Scene.Transition(
            Duration.ZERO,
            Scenes.transition("a\u001b[2Jb", State.OPEN, State.CLOSED, "c\nd\u009b2Je")));

    assertThat(DemoFrame.of(scene, "", PLAIN, 120, 40))
        .noneMatch(line -> line.chars().anyMatch(Character::isISOControl));
  }

  @Test
  void beforeTheFirstSnapshot_theHeadlineStandsAlone() {
    assertThat(DemoFrame.of(new Scene(), "", PLAIN, 80, 24)).contains("  Starting");
  }
}
