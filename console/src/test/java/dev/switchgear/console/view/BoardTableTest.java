package dev.switchgear.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.State;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoardTableTest {

  private static final Style PLAIN = new Style(false, true);
  private static final Instant NOW = Instant.ofEpochSecond(10_000);

  private static BreakerState probing(String reason) {
    return BreakerState.newBuilder()
        .setBreaker("payments/charge")
        .setState(State.PROBING)
        .setEpoch(4)
        .setAdmittedShare(12)
        .setReason(reason)
        .setDecidedAtMillis(NOW.minusSeconds(90).toEpochMilli())
        .build();
  }

  @Test
  void whereThereIsRoom_aBreakerIsOneLine() {
    assertThat(BoardTable.of(List.of(probing("back-off is over")), NOW, PLAIN, 120))
        .containsExactly(
            "BREAKER          STATE          SHARE  EPOCH    SINCE     UNTIL  REASON",
            "payments/charge  PROBING       0.12 %      4     90 s         ·  back-off is over");
  }

  @Test
  void whereThereIsNot_theReasonIsBelow() {
    assertThat(BoardTable.of(List.of(probing("x".repeat(100))), NOW, PLAIN, 80))
        .containsExactly(
            "BREAKER          STATE          SHARE  EPOCH    SINCE     UNTIL",
            "payments/charge  PROBING       0.12 %      4     90 s         ·",
            "  " + "x".repeat(77) + "…");
  }

  @Test
  void inAnyWidthNoLineIsWider() {
    for (int width = 1; width < 200; width++) {
      int columns = width;
      assertThat(BoardTable.of(List.of(probing("x".repeat(300))), NOW, PLAIN, columns))
          .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }
  }
}
