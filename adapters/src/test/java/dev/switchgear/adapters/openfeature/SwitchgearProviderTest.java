package dev.switchgear.adapters.openfeature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.EventDetails;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.MutableStructure;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.ProviderEventDetails;
import dev.openfeature.sdk.ProviderState;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.GeneralError;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import dev.switchgear.guard.Guard;
import dev.switchgear.guard.Permit;
import dev.switchgear.guard.Switchgear;
import dev.switchgear.guard.TestGear;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Through OpenFeature's own client, as a service asks. */
class SwitchgearProviderTest {

  private static final int USERS = 10_000;

  private final TestGear fleet = TestGear.of("shop");
  private final OpenFeatureAPI api = OpenFeatureAPI.createIsolated();

  @AfterEach
  void close() {
    api.shutdown();
    fleet.close();
  }

  private Client client(SwitchgearProvider.Builder description) {
    api.setProviderAndWait(description.build());
    return api.getClient();
  }

  private SwitchgearProvider.Builder describe() {
    return SwitchgearProvider.on(fleet.gear());
  }

  private static DegradingFlag<String> list() {
    return DegradingFlag.of("list", "personal", "popular").following("recommendations/list");
  }

  @Test
  void everyKindOfFlag_degradesWhileItsBreakerRefuses() {
    Value full = new Value(new MutableStructure().add("rows", 10));
    Value few = new Value(new MutableStructure().add("rows", 1));
    Client client =
        client(
            describe()
                .flag(list())
                .flag(DegradingFlag.of("on", true, false).following("recommendations/list"))
                .flag(DegradingFlag.of("rows", 10, 1).following("recommendations/list"))
                .flag(
                    DegradingFlag.of("bytes", 1L << 40, 1L << 20).following("recommendations/list"))
                .flag(DegradingFlag.of("rate", 1.0, 0.1).following("recommendations/list"))
                .flag(DegradingFlag.of("page", full, few).following("recommendations/list")));
    assertThat(client.getStringValue("list", "")).isEqualTo("personal");
    assertThat(client.getBooleanValue("on", false)).isTrue();
    assertThat(client.getIntegerValue("rows", 0)).isEqualTo(10);
    assertThat(client.getLongValue("bytes", 0L)).isEqualTo(1L << 40);
    assertThat(client.getDoubleValue("rate", 0.0)).isEqualTo(1.0);
    assertThat(client.getObjectValue("page", new Value())).isEqualTo(full);

    fleet.open("recommendations/list");

    assertThat(client.getStringValue("list", "")).isEqualTo("popular");
    assertThat(client.getBooleanValue("on", true)).isFalse();
    assertThat(client.getIntegerValue("rows", 0)).isEqualTo(1);
    assertThat(client.getLongValue("bytes", 0L)).isEqualTo(1L << 20);
    assertThat(client.getDoubleValue("rate", 0.0)).isEqualTo(0.1);
    assertThat(client.getObjectValue("page", new Value())).isEqualTo(few);
  }

  @Test
  void anEvaluation_saysWhyItDegrades() {
    Client client = client(describe().flag(list()));
    FlagEvaluationDetails<String> normal = client.getStringDetails("list", "");
    assertThat(normal.getVariant()).isEqualTo("personal");
    assertThat(normal.getReason()).isEqualTo("DEFAULT");

    fleet.open("recommendations");

    FlagEvaluationDetails<String> degraded = client.getStringDetails("list", "");
    assertThat(degraded.getVariant()).isEqualTo("popular");
    assertThat(degraded.getReason()).isEqualTo(SwitchgearProvider.DEGRADED);
    assertThat(degraded.getFlagMetadata().getString("switchgear.breaker"))
        .isEqualTo("recommendations");
    assertThat(degraded.getFlagMetadata().getLong("switchgear.epoch")).isEqualTo(1);
    assertThat(degraded.getFlagMetadata().getString("switchgear.reason"))
        .isEqualTo("as the test wants it");
  }

  @Test
  void ofSeveralBreakers_anyDegrades() {
    Client client =
        client(describe().flag(DegradingFlag.of("pay", true, false).following("cards", "fraud")));
    fleet.open("fraud");
    assertThat(client.getBooleanValue("pay", true)).isFalse();

    fleet.closed("fraud");
    assertThat(client.getBooleanValue("pay", false)).isTrue();
  }

  @Test
  void theFlagsOwnBreaker_isItsOffSwitch_andThatOfAll() {
    Client client = client(describe().flag(DegradingFlag.of("beta", true, false)).flag(list()));
    fleet.open("flags/beta");
    assertThat(client.getBooleanValue("beta", true)).isFalse();
    assertThat(client.getStringValue("list", "")).isEqualTo("personal");

    fleet.open("flags");
    assertThat(client.getStringValue("list", "")).isEqualTo("popular");
  }

  @Test
  void flagsOfAPlaybook_degradeTogetherWhileItRuns_andTheOthersDoNot() throws Exception {
    Client client =
        client(
            describe()
                .flag(list().inPlaybooks("big-sale", "night"))
                .flag(DegradingFlag.of("rows", 10, 1).inPlaybooks("big-sale"))
                .flag(DegradingFlag.of("on", true, false)));
    BlockingQueue<EventDetails> events = new LinkedBlockingQueue<>();
    client.onProviderConfigurationChanged(events::add);
    assertThat(fleet.seen("playbooks/big-sale").calls()).isEqualTo(1);
    assertThat(fleet.seen("playbooks/night").calls()).isEqualTo(1);
    assertThat(fleet.seen("playbooks").calls()).isEqualTo(1);

    fleet.open("playbooks/big-sale");
    EventDetails event = Objects.requireNonNull(events.poll(10, TimeUnit.SECONDS));
    assertThat(event.getFlagsChanged()).containsExactlyInAnyOrder("list", "rows");
    assertThat(client.getStringValue("list", "")).isEqualTo("popular");
    assertThat(
            client.getIntegerDetails("rows", 10).getFlagMetadata().getString("switchgear.breaker"))
        .isEqualTo("playbooks/big-sale");
    assertThat(client.getBooleanValue("on", false)).isTrue();

    fleet.closed("playbooks/big-sale");
    assertThat(client.getStringValue("list", "")).isEqualTo("personal");
    assertThat(client.getIntegerValue("rows", 0)).isEqualTo(10);
    assertThat(fleet.seen("playbooks/big-sale").calls())
        .as("evaluations that prove it well after its release")
        .isEqualTo(3);
  }

  @Test
  void offSwitches_areCalledFromTheStart_andByEvaluations_soThatTheyCanBeHeld() {
    Client client = client(describe().flag(list()));
    assertThat(fleet.seen("flags").calls()).isEqualTo(1);
    assertThat(fleet.seen("flags/list").calls()).isEqualTo(1);

    client.getStringValue("list", "");

    assertThat(fleet.seen("flags/list").calls()).isEqualTo(2);
    assertThat(fleet.seen("recommendations/list").calls()).isZero();
  }

  @Test
  void whoIsDegraded_countsAsRefused_soThatTheFleetKnowsTheDemand() {
    Client client = client(describe().flag(list()));
    fleet.open("recommendations/list");
    client.getStringValue("list", "");

    assertThat(fleet.seen("recommendations/list").refusals()).isEqualTo(1);
  }

  @Test
  void whileRecovering_aUserGetsOneAnswer_andKeepsTheNormalOne() {
    Client client = client(describe().flag(list()));
    fleet.recovering("recommendations/list", 500);
    Set<Integer> few = normalUsers(client);
    assertThat(normalUsers(client)).isEqualTo(few);
    assertThat(few.size()).isBetween(400, 600);

    fleet.recovering("recommendations/list", 2_500);
    Set<Integer> more = normalUsers(client);
    assertThat(more).containsAll(few);
    assertThat(more.size()).isBetween(2_300, 2_700);
  }

  private static Set<Integer> normalUsers(Client client) {
    return IntStream.range(0, USERS)
        .filter(i -> client.getStringValue("list", "", user("user-" + i)).equals("personal"))
        .boxed()
        .collect(Collectors.toSet());
  }

  private static EvaluationContext user(String key) {
    return new ImmutableContext(key);
  }

  @Test
  void whileRecovering_nobodyInParticular_isLetThroughByChance() {
    Client client = client(describe().flag(list()));
    fleet.recovering("recommendations/list", 5_000);

    long normal =
        IntStream.range(0, USERS)
            .filter(i -> client.getStringValue("list", "").equals("personal"))
            .count();
    assertThat(normal).isBetween(4_700L, 5_300L);
  }

  @Test
  void aTransition_isAnEventWithTheFlagsThatMoved() throws Exception {
    Client client =
        client(describe().flag(list()).flag(DegradingFlag.of("pay", true, false).following("pay")));
    BlockingQueue<EventDetails> events = new LinkedBlockingQueue<>();
    client.onProviderConfigurationChanged(events::add);

    fleet.open("recommendations/list");
    assertThat(next(events)).containsExactly("list");
    fleet.closed("recommendations/list");
    assertThat(next(events)).containsExactly("list");
    fleet.open("flags");
    assertThat(next(events)).containsExactly("list", "pay");
  }

  @Test
  void whatAnInstanceDecidesAlone_isAnEventAtTheNextEvaluation() throws Exception {
    Client client = client(describe().flag(list()));
    BlockingQueue<EventDetails> events = new LinkedBlockingQueue<>();
    client.onProviderConfigurationChanged(events::add);
    fleet.loseFleet();
    fleet.pass(Duration.ofSeconds(30));
    var guard = fleet.gear().guard("recommendations/list");
    for (int i = 0; i < 40 && guard.admit() instanceof Permit permit; i++) {
      permit.failure("timeout", 1_000_000);
      fleet.pass(Duration.ofMillis(250));
    }

    assertThat(client.getStringValue("list", "")).isEqualTo("popular");
    assertThat(next(events)).containsExactly("list");
  }

  @Test
  void whileRecovering_thatItDoesIsSeenOnceByEitherSide() {
    AtomicInteger seen = new AtomicInteger();
    Guard guard = fleet.gear().guard("recommendations/list");
    Followed followed = new Followed(guard, seen::incrementAndGet);
    fleet.recovering("recommendations/list", 5_000);

    IntStream.range(0, USERS).forEach(i -> followed.refuse("user-" + i));

    assertThat(seen).hasValue(2);
  }

  @Test
  void aProviderThatIsShutDown_leavesNothingBehind() throws Exception {
    for (int i = 0; i < 200; i++) {
      SwitchgearProvider provider = describe().flag(list()).build();
      provider.initialize(new ImmutableContext());
      provider.shutdown();
    }

    Client client = client(describe().flag(list()));
    BlockingQueue<EventDetails> events = new LinkedBlockingQueue<>();
    client.onProviderConfigurationChanged(events::add);
    fleet.open("recommendations/list");
    assertThat(next(events)).containsExactly("list");
  }

  private static List<String> next(BlockingQueue<EventDetails> events) throws Exception {
    EventDetails event = events.poll(10, TimeUnit.SECONDS);
    assertThat(event).isNotNull();
    return event.getFlagsChanged();
  }

  @Test
  void overAnotherProvider_onlyDegradedFlagsAreAnsweredHere() {
    InMemoryProvider existing =
        new InMemoryProvider(
            Map.of(
                "list", variants("personal-v2", "personal"),
                "colour", variants("blue", "red"),
                "bytes", variants(1L << 40, 1L)));
    Client client =
        client(
            describe()
                .flag(DegradingFlag.degradedTo("list", "popular").following("recommendations/list"))
                .over(existing));
    assertThat(api.getProviderMetadata().getName()).startsWith("switchgear over ");
    assertThat(client.getStringValue("list", "")).isEqualTo("personal-v2");
    assertThat(client.getStringValue("colour", "")).isEqualTo("blue");
    assertThat(client.getLongValue("bytes", 0L)).isEqualTo(1L << 40);

    fleet.open("recommendations/list");
    assertThat(client.getStringValue("list", "")).isEqualTo("popular");
    assertThat(client.getStringValue("colour", "")).isEqualTo("blue");
    assertThat(client.getStringDetails("unknown", "").getErrorCode())
        .isEqualTo(ErrorCode.FLAG_NOT_FOUND);
  }

  @Test
  void overAnotherProvider_whatThatTellsComesThrough_andItIsInitializedAndShutDownAlong()
      throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    InMemoryProvider existing =
        new InMemoryProvider(Map.of("colour", variants("blue", "red"))) {
          @Override
          public void shutdown() {
            told.add("shut down");
            super.shutdown();
          }
        };
    Client client = api.getClient();
    client.onProviderConfigurationChanged(each -> told.add("changed " + each.getFlagsChanged()));
    client.onProviderStale(each -> told.add("stale " + each.getMessage()));
    client.onProviderError(each -> told.add("error " + each.getMessage()));
    client(describe().flag(list()).over(existing));
    assertThat(existing.getState()).isEqualTo(ProviderState.READY);
    client.onProviderReady(each -> told.add("ready"));
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("ready");

    existing.updateFlag("colour", variants("green", "red"));
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("changed [colour]");
    assertThat(client.getStringValue("colour", "")).isEqualTo("green");
    existing.emitProviderStale(ProviderEventDetails.builder().message("lost").build());
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("stale lost");
    assertThat(client.getProviderState()).isEqualTo(ProviderState.STALE);
    existing.emitProviderReady(ProviderEventDetails.builder().build());
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("ready");
    existing.emitProviderError(ProviderEventDetails.builder().message("down").build());
    assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("error down");

    api.shutdown();
    assertThat(told).containsExactly("shut down");
  }

  @Test
  void overAnotherProvider_thatFailsToStart_isInErrorUntilThatIsReady() throws Exception {
    InMemoryProvider existing =
        new InMemoryProvider(Map.of("colour", variants("blue", "red"))) {
          @Override
          public void initialize(EvaluationContext context) throws Exception {
            super.initialize(context);
            throw new GeneralError("not there yet");
          }
        };
    CountDownLatch error = new CountDownLatch(1);
    CountDownLatch ready = new CountDownLatch(1);
    Client client = api.getClient();
    client.onProviderError(each -> error.countDown());

    api.setProvider(describe().flag(list()).over(existing).build());
    assertThat(error.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(client.getProviderState()).isEqualTo(ProviderState.ERROR);
    client.onProviderReady(each -> ready.countDown());
    existing.emitProviderReady(ProviderEventDetails.builder().build());

    assertThat(ready.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(client.getStringValue("colour", "")).isEqualTo("blue");
  }

  private static Flag<Object> variants(Object normal, Object other) {
    return Flag.builder()
        .variant("normal", normal)
        .variant("other", other)
        .defaultVariant("normal")
        .build();
  }

  @Test
  void whatIsNotKnown_orOfAnotherType_isAnErrorWithTheDefault() {
    Client client = client(describe().flag(list()));
    FlagEvaluationDetails<String> unknown = client.getStringDetails("unknown", "default");
    assertThat(unknown.getErrorCode()).isEqualTo(ErrorCode.FLAG_NOT_FOUND);
    assertThat(unknown.getValue()).isEqualTo("default");

    FlagEvaluationDetails<Boolean> other = client.getBooleanDetails("list", true);
    assertThat(other.getErrorCode()).isEqualTo(ErrorCode.TYPE_MISMATCH);
    assertThat(other.getValue()).isTrue();
  }

  @Test
  void withoutKafka_flagsAreReadyAtOnce() {
    try (Switchgear gear = Switchgear.connect("localhost:1", "shop")) {
      api.setProviderAndWait(SwitchgearProvider.on(gear).flag(list()).build());
      assertThat(api.getClient().getStringValue("list", "")).isEqualTo("personal");
    }
  }

  @Test
  void wrongFlags_areRefused() {
    assertThatThrownBy(() -> describe().flag(DegradingFlag.degradedTo("list", true)).build())
        .hasMessage("normal: nothing for list (expected: a value, or a provider under it)");
    assertThatThrownBy(() -> describe().flag(list()).flag(list()))
        .hasMessage("flag: list, number 2 (expected: each key once, at most 1000 flags)");
    assertThatThrownBy(() -> DegradingFlag.of(" ", true, false))
        .hasMessage("key: \" \" (expected: 1..200 characters, not blank)");
    assertThatThrownBy(() -> DegradingFlag.of("on", true, false).inPlaybooks("night@eu"))
        .hasMessageStartingWith("playbooks: \"night@eu\" (expected: ");
  }

  @Test
  void places_areEvenlySpread() {
    long firstTenth =
        IntStream.range(0, USERS)
            .map(i -> Followed.place(("user-" + i).hashCode()))
            .filter(place -> place < 1_000)
            .count();
    assertThat(firstTenth).isBetween(900L, 1_100L);
  }
}
