package dev.switchgear.console.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.QuotaShare;
import dev.switchgear.schemas.QuotaState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuotaTableTest {

  private static final Style PLAIN = new Style(false, true);
  private static final Instant NOW = Instant.ofEpochSecond(10_000);

  private static QuotaState quota() {
    return QuotaState.newBuilder()
        .setLimit("api/orders")
        .setEpoch(7)
        .setCalls(500)
        .setPeriodMillis(60_000)
        .setGuaranteed(Map.of("gold", 300L))
        .setLeaseMillis(10_000)
        .setShares(
            List.of(
                new QuotaShare(
                    "shop-1",
                    Map.of("gold", 300_000L, "*", 190_000L),
                    Map.of("gold", 400_000L, "*", 900_000L)),
                new QuotaShare("shop-2", Map.of("gold", 0L, "*", 9_500L), Map.of("*", 7_500L))))
        .setStart(Map.of("gold", 0L, "*", 500L))
        .setAtMillis(NOW.minusSeconds(12).toEpochMilli())
        .build();
  }

  @Test
  void aLimitIsALine_andEachOfItsTiersIsOneBelow() {
    assertThat(QuotaTable.of(List.of(quota()), NOW, PLAIN, 120))
        .containsExactly(
            "LIMIT         TIER             CALLS  GUARANTEED      WANTED      SHARED       AMONG"
                + "       SINCE",
            "api/orders               500 in 60 s                    1308         500           2"
                + "        12 s",
            "              *                                ·         908         200",
            "              gold                           300         400         300");
  }

  @Test
  void aLimitByItself_isALineForEachInstanceAndTier_andOneForWhoeverComesNext() {
    assertThat(QuotaTable.of(quota(), PLAIN, 120))
        .containsExactly(
            "INSTANCE              TIER            WANTED       SHARE",
            "shop-1                                   900         190",
            "                      gold               400         300",
            "shop-2                                   7.5         9.5",
            "                      gold               0.0         0.0",
            "(whoever comes next)                       ·         0.5",
            "                      gold                 ·         0.0");
  }

  @Test
  void aChangeIsALine() {
    assertThat(QuotaTable.change(quota()))
        .isEqualTo("api/orders  1308 wanted of 500 in 60 s, shared among 2");
  }

  @Test
  void itsEndIsALine_inWhichNothingSteersATerminal() {
    assertThat(QuotaTable.ended("api/orders")).isEqualTo("api/orders  shared no more");
    assertThat(QuotaTable.ended("api\u001b[2J")).isEqualTo("api [2J  shared no more");
  }

  @Test
  void inAnyWidthNoLineIsWider() {
    for (int width = 1; width < 120; width++) {
      int columns = width;
      assertThat(QuotaTable.of(List.of(quota()), NOW, PLAIN, columns))
          .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
      assertThat(QuotaTable.of(quota(), PLAIN, columns))
          .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }
  }
}
