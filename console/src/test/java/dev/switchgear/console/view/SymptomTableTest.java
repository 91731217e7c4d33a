package dev.switchgear.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.SymptomKind;
import dev.switchgear.schemas.SymptomState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SymptomTableTest {

  private static final Style PLAIN = new Style(false, true);
  private static final Instant NOW = Instant.ofEpochSecond(10_000);

  private static SymptomState.Builder busy() {
    return SymptomState.newBuilder()
        .setBreaker("payments")
        .setKind(SymptomKind.SATURATION)
        .setSinceMillis(NOW.minusSeconds(90).toEpochMilli())
        .setSeenAtMillis(NOW.minusSeconds(9).toEpochMilli())
        .setMeasure("cpu")
        .setValue(0.97)
        .setUsual(0.9)
        .setStrength(20)
        .setStrengthWanted(14)
        .setReason("saturation: cpu is 0.97, the limit is 0.9");
  }

  @Test
  void aSymptomIsOneLine_whichSaysItsKindOnce_andWhoSuffers() {
    SymptomState symptom = busy().setCallers(List.of("checkout", "cart")).build();
    assertThat(SymptomTable.of(List.of(symptom), NOW, PLAIN, 120))
        .containsExactly(
            "BREAKER       SYMPTOM              SINCE     UNTIL  REASON",
            "payments      SATURATION            90 s         ·  cpu is 0.97, the limit is 0.9;"
                + " felt by checkout, cart");
  }

  @Test
  void whereOneFollowsFromAnother_itSaysSo() {
    SymptomState symptom = busy().setDownstreamOf("ledger/ERRORS").build();
    assertThat(SymptomTable.of(List.of(symptom), NOW, PLAIN, 120).get(1))
        .endsWith("follows from ledger/ERRORS");
  }

  @Test
  void aChangeIsALine_alsoWhenItIsOver() {
    assertThat(SymptomTable.change(busy().build(), PLAIN))
        .endsWith("  payments  SATURATION  cpu is 0.97, the limit is 0.9");
    assertThat(SymptomTable.change(busy().setUntilMillis(NOW.toEpochMilli()).build(), PLAIN))
        .endsWith("  payments  SATURATION  over");
  }

  @Test
  void inAnyWidthNoLineIsWider() {
    for (int width = 1; width < 200; width++) {
      int columns = width;
      assertThat(SymptomTable.of(List.of(busy().build()), NOW, PLAIN, columns))
          .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }
  }
}
