package dev.switchgear.detector;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.SymptomKind;
import dev.switchgear.schemas.SymptomState;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The graph of calls: front → checkout → payments → ledger. */
class RootsTest {

  private final Map<String, SymptomState> felt = new TreeMap<>();

  @Test
  void whatADependencyDoesToItsCallerIsDownstreamOfIt() {
    felt("payments/charge", 1_000, "checkout", "billing");
    felt("checkout", 1_200, "front");

    assertThat(root("checkout")).isEqualTo("payments/charge/ERRORS");
    assertThat(root("payments/charge")).isEqualTo("none");
  }

  @Test
  void overManyHopsThereIsOneRoot() {
    felt("ledger/book", 900, "payments");
    felt("payments/charge", 1_000, "checkout");
    felt("payments/refund", 1_100, "billing");
    felt("checkout", 1_200, "front");

    assertThat(root("checkout")).isEqualTo("ledger/book/ERRORS");
    assertThat(root("payments/charge")).isEqualTo("ledger/book/ERRORS");
    assertThat(root("payments/refund")).isEqualTo("ledger/book/ERRORS");
    assertThat(root("ledger/book")).isEqualTo("none");
  }

  @Test
  void aRegionOrACallerOfADependencyIsThatDependency() {
    felt("payments/charge@eu-west-1", 1_000, "checkout");
    felt("checkout~front", 1_200, "front");

    assertThat(root("checkout~front")).isEqualTo("payments/charge@eu-west-1/ERRORS");
  }

  @Test
  void theCauseMayBeProvenLater_butNotBeginMuchLater() {
    felt("payments", 1_000 + Roots.CAUSE_AFTER_MILLIS, "checkout");
    felt("checkout", 1_000, "front");
    assertThat(root("checkout")).isEqualTo("payments/ERRORS");

    felt("payments", 1_001 + Roots.CAUSE_AFTER_MILLIS, "checkout");
    assertThat(root("checkout")).isEqualTo("none");
  }

  @Test
  void whatHasGoneOnForLongWithoutEffectIsNotTheCause() {
    felt("payments", 1_000, "checkout");
    felt("checkout", 1_001 + Roots.CAUSE_BEFORE_MILLIS, "front");

    assertThat(root("checkout")).isEqualTo("none");
  }

  @Test
  void whoCallsNothingThatIsIllIsARoot() {
    felt("payments", 1_000, "billing");
    felt("checkout", 1_200, "front");

    assertThat(root("checkout")).isEqualTo("none");
  }

  @Test
  void inARing_whatCameFirstIsTheRoot_alsoOfWhatHangsOnIt() {
    felt("orders", 1_000, "stock");
    felt("stock", 1_100, "orders", "front");
    felt("front", 1_200, "browser");

    assertThat(root("orders")).isEqualTo("none");
    assertThat(root("stock")).isEqualTo("orders/ERRORS");
    assertThat(root("front")).isEqualTo("orders/ERRORS");
  }

  @Test
  void whoCallsItselfIsNotItsOwnVictim() {
    felt("orders/split", 1_000, "orders");
    felt("orders/place", 1_100, "orders");

    assertThat(root("orders/place")).isEqualTo("none");
  }

  private String root(String breaker) {
    SymptomState symptom = requireNonNull(felt.get(breaker + "/ERRORS"));
    return new Roots(felt).rootOf(symptom).orElse("none");
  }

  private void felt(String breaker, long sinceMillis, String... callers) {
    SymptomState symptom =
        SymptomState.newBuilder()
            .setBreaker(breaker)
            .setKind(SymptomKind.ERRORS)
            .setSinceMillis(sinceMillis)
            .setSeenAtMillis(sinceMillis + 400)
            .setMeasure("error_share")
            .setValue(1)
            .setUsual(0.1)
            .setStrength(20)
            .setStrengthWanted(19)
            .setCallers(List.of(callers))
            .build();
    felt.put(breaker + "/ERRORS", symptom);
  }
}
