package dev.switchgear.adapters.openfeature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.ProviderEvaluation;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import dev.switchgear.guard.DegradedCount;
import dev.switchgear.guard.Fallback;
import dev.switchgear.guard.Guard;
import dev.switchgear.guard.TestGear;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** By the flags of another provider, as operators set them. */
class VariantsTest {

  private static final String FLAG = "home-when-ill";

  private final TestGear fleet = TestGear.of("shop");
  private final OpenFeatureAPI api = OpenFeatureAPI.createIsolated();
  private final InMemoryProvider flags = new InMemoryProvider(Map.of());
  private final Guard guard = fleet.gear().guard("recommendations/list");
  private final Fallback<String> instead =
      Variants.<String>of(api.getClient(), FLAG)
          .variant("popular", why -> "popular items")
          .variant("static", Fallback.value("the same for all"))
          .variant("broken", why -> broken())
          .fallback();

  private static String broken() throws IOException {
    throw new IOException();
  }

  @AfterEach
  void close() {
    api.shutdown();
    fleet.close();
  }

  private String asked() throws Exception {
    return guard.call(() -> "for you", instead.or(Fallback.value("nothing")));
  }

  private void say(String variant) {
    Flag<Object> flag = Flag.builder().variant("it", variant).defaultVariant("it").build();
    flags.updateFlags(Map.of(FLAG, flag));
  }

  @Test
  void theFlag_saysWhichVariantUsersGet() throws Exception {
    assertThat(fleet.gear().degraded()).isEmpty();
    assertThat(asked()).isEqualTo("for you");
    fleet.open("recommendations/list");
    assertThat(asked()).as("without any flags").isEqualTo("popular items");

    api.setProviderAndWait(flags);
    assertThat(asked()).as("of a flag that nobody has set").isEqualTo("popular items");
    say("static");
    assertThat(asked()).isEqualTo("the same for all");
    say("no such variant");
    assertThat(asked()).isEqualTo("popular items");
    say("broken");
    assertThat(asked()).isEqualTo("nothing");

    assertThat(fleet.gear().degraded())
        .containsExactlyInAnyOrder(told("popular", 3), told("static", 1), told("value", 1));
  }

  @Test
  void ofAFlagWithoutAValue_usersGetTheFirst() throws Exception {
    api.setProviderAndWait(new Silent());
    fleet.open("recommendations/list");

    assertThat(asked()).isEqualTo("popular items");
  }

  /** Knows the flag, and evaluates it to nothing. */
  private static final class Silent extends InMemoryProvider {

    Silent() {
      super(Map.of());
    }

    @Override
    public ProviderEvaluation<String> getStringEvaluation(
        String key, String defaultValue, EvaluationContext context) {
      return ProviderEvaluation.<String>builder().build();
    }
  }

  private static DegradedCount told(String variant, long calls) {
    return new DegradedCount("recommendations/list", variant, "breaker", calls);
  }

  @Test
  void variantsThatCannotBe_areRefused() {
    Variants<String> none = Variants.of(api.getClient(), FLAG);
    assertThatThrownBy(none::fallback)
        .hasMessage("variant: none of flag home-when-ill (expected: at least 1)");
    none.variant("popular", Fallback.value("few"));
    assertThatThrownBy(() -> none.variant("popular", Fallback.value("few")))
        .hasMessage("variant: \"popular\" twice (expected: another name)");
  }
}
