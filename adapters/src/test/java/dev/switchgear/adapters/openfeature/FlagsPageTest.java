package dev.switchgear.adapters.openfeature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import dev.switchgear.guard.Fallback;
import dev.switchgear.guard.Switchgear;
import dev.switchgear.guard.TestGear;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code of docs/degrade.md about feature flags, run. */
class FlagsPageTest {

  private final TestGear test = TestGear.of("shop");
  private final Switchgear gear = test.gear();
  private final String customer = "anna";

  @AfterEach
  void close() {
    OpenFeatureAPI.getInstance().shutdown();
    test.close();
  }

  @Test
  void flags_followBreakers() {
    SwitchgearProvider provider =
        SwitchgearProvider.on(gear)
            .flag(
                DegradingFlag.of("recommendations", "personal", "popular")
                    .following("recommendations/list"))
            .flag(
                DegradingFlag.of("instant-payment", true, false)
                    .following("payments/charge", "fraud"))
            .build();
    OpenFeatureAPI.getInstance().setProviderAndWait(provider);
    Client client = OpenFeatureAPI.getInstance().getClient();
    assertThat(asked(client)).isEqualTo("personal");

    test.open("recommendations/list");
    assertThat(asked(client)).isEqualTo("popular");
    test.open("fraud");
    assertThat(client.getBooleanValue("instant-payment", true)).isFalse();
  }

  private String asked(Client client) {
    String which =
        client.getStringValue("recommendations", "popular", new ImmutableContext(customer));
    return which;
  }

  @Test
  void existingFlags_stayWithTheirProvider() {
    Flag<Object> search =
        Flag.builder().variant("full", "full-text").defaultVariant("full").build();
    FeatureProvider existing = new InMemoryProvider(Map.of("search", search));
    FeatureProvider both =
        SwitchgearProvider.on(gear)
            .flag(DegradingFlag.degradedTo("search", "categories").following("search/query"))
            .over(existing)
            .build();
    OpenFeatureAPI.getInstance().setProviderAndWait(both);
    Client client = OpenFeatureAPI.getInstance().getClient();
    assertThat(client.getStringValue("search", "")).isEqualTo("full-text");

    test.open("search/query");
    assertThat(client.getStringValue("search", "")).isEqualTo("categories");
  }

  @Test
  void flagsOfAPlaybook_followIt() {
    SwitchgearProvider provider =
        SwitchgearProvider.on(gear)
            .flag(DegradingFlag.of("rows", 50, 10).inPlaybooks("big-sale"))
            .flag(DegradingFlag.of("animations", true, false).inPlaybooks("big-sale", "night"))
            .build();
    OpenFeatureAPI.getInstance().setProviderAndWait(provider);
    Client client = OpenFeatureAPI.getInstance().getClient();

    test.open("playbooks/big-sale");
    assertThat(client.getIntegerValue("rows", 0)).isEqualTo(10);
    assertThat(client.getBooleanValue("animations", true)).isFalse();
  }

  @Test
  void aFlag_choosesTheFallback() throws Exception {
    Flag<Object> flag = Flag.builder().variant("b", "static").defaultVariant("b").build();
    FeatureProvider existing = new InMemoryProvider(Map.of("home-when-ill", flag));
    OpenFeatureAPI.getInstance().setProviderAndWait(existing);
    Client client = OpenFeatureAPI.getInstance().getClient();
    Fallback<String> instead =
        Variants.<String>of(client, "home-when-ill")
            .variant("popular", why -> "popular items")
            .variant("static", Fallback.value("the same for all"))
            .fallback();
    test.open("recommendations/list");

    assertThat(gear.guard("recommendations/list").call(() -> "for you", instead))
        .isEqualTo("the same for all");
  }
}
