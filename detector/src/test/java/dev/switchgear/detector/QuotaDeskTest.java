package dev.switchgear.detector;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.QuotaDemand;
import dev.switchgear.schemas.QuotaShare;
import dev.switchgear.schemas.QuotaState;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuotaDeskTest {

  private static final String API = "api/orders";

  private final Lab lab = new Lab();
  private final TestOutputTopic<String, QuotaState> quotas = lab.output(Topics.QUOTAS);
  private final TestInputTopic<String, QuotaDemand> demands =
      lab.driver.createInputTopic(
          Topics.QUOTA_DEMAND.name(),
          new StringSerializer(),
          Records.builtInOnly().serializer(QuotaDemand.class));

  @AfterEach
  void close() {
    lab.close();
  }

  private static QuotaDemand.Builder demand(String instance, long calls) {
    return QuotaDemand.newBuilder()
        .setLimit(API)
        .setService("shop")
        .setInstance(instance)
        .setIntervalMillis(1_000)
        .setAdmitted(Map.of("*", calls / 2))
        .setRefused(Map.of("*", calls - calls / 2));
  }

  /** A second passes, in which each instance wants so many calls. */
  private List<KeyValue<String, QuotaState>> second(Map<String, Long> wanted) {
    lab.pass(Duration.ofSeconds(1));
    wanted.forEach((who, calls) -> demands.pipeInput(API, demand(who, calls).build()));
    return quotas.readKeyValuesToList();
  }

  /** The same, until something is told. */
  private QuotaState untilTold(Map<String, Long> wanted) {
    for (int i = 0; i < 20; i++) {
      List<KeyValue<String, QuotaState>> told = second(wanted);
      if (!told.isEmpty()) {
        return told.get(told.size() - 1).value;
      }
    }
    throw new AssertionError("nothing was told");
  }

  private static Map<String, Long> shares(QuotaState state) {
    Map<String, Long> shares = new HashMap<>();
    for (QuotaShare each : state.getShares()) {
      long sum = each.getShares().values().stream().mapToLong(Long::longValue).sum();
      shares.put(each.getInstance(), sum);
    }
    return shares;
  }

  private static long share(QuotaState state, String instance) {
    return requireNonNull(shares(state).get(instance));
  }

  private void policy(long version, String quota) {
    lab.policy("api/*", version, "quota: " + quota + "\nstaleAfter: 5s\n");
  }

  @Test
  void withoutALimitInThePolicy_nothingIsShared() {
    assertThat(second(Map.of("a", 500L))).isEmpty();
    assertThat(second(Map.of("a", 500L))).isEmpty();
    assertThat(second(Map.of("a", 500L))).isEmpty();
  }

  @Test
  void whoWantsLittleGetsIt_theOthersShareTheRest_andThenItIsSilent() {
    policy(7, "{ calls: 100, guaranteed: { gold: 10 } }");

    QuotaState state = untilTold(Map.of("a", 8L, "b", 500L, "c", 500L));

    assertThat(state.getLimit()).isEqualTo(API);
    assertThat(state.getCalls()).isEqualTo(100);
    assertThat(state.getPeriodMillis()).isEqualTo(1_000);
    assertThat(state.getGuaranteed()).isEqualTo(Map.of("gold", 10L));
    assertThat(state.getLeaseMillis()).isEqualTo(5_000);
    assertThat(state.getPolicyVersion()).isEqualTo(7);
    assertThat(share(state, "a")).isBetween(8_000L, 12_000L);
    assertThat(share(state, "b")).isBetween(40_000L, 47_000L);
    assertThat(share(state, "c")).isEqualTo(share(state, "b"));
    for (int i = 0; i < 20; i++) {
      assertThat(second(Map.of("a", 8L, "b", 500L, "c", 500L))).isEmpty();
    }
  }

  @Test
  void whoFallsSilent_losesItsShare_toTheOthers() {
    policy(1, "{ calls: 100 }");
    QuotaState both = untilTold(Map.of("a", 500L, "b", 500L));

    QuotaState one = untilTold(Map.of("a", 500L));

    assertThat(shares(both)).containsOnlyKeys("a", "b");
    assertThat(shares(one)).containsOnlyKeys("a");
    assertThat(one.getAtMillis() - both.getAtMillis()).isBetween(5_000L, 7_000L);
    assertThat(one.getEpoch()).isGreaterThan(both.getEpoch());
  }

  @Test
  void whoLeaves_losesItsShareAtOnce() {
    policy(1, "{ calls: 100 }");
    untilTold(Map.of("a", 500L, "b", 500L));
    demands.pipeInput(API, demand("b", 0).setLeaving(true).build());

    assertThat(second(Map.of("a", 500L))).hasSize(1);
  }

  @Test
  void anotherPolicy_isSharedWithinASecond_andNoneAnyMoreIsATombstone() {
    policy(1, "{ calls: 100 }");
    untilTold(Map.of("a", 500L));

    policy(2, "{ calls: 40 }");
    assertThat(second(Map.of("a", 500L))).extracting(told -> told.value.getCalls()).contains(40L);
    policy(3, "{ calls: 0 }");
    assertThat(second(Map.of("a", 500L))).extracting(told -> value(told)).containsOnlyNulls();
    assertThat(second(Map.of("a", 500L))).isEmpty();
  }

  @Test
  void aLimitThatIsInUseAlready_isSharedWhenEverybodyHasBeenHeard() {
    Map<String, Long> three = new TreeMap<>(Map.of("a", 500L, "b", 500L, "c", 500L));
    for (int i = 0; i < 5; i++) {
      second(three);
    }
    policy(1, "{ calls: 100 }");

    assertThat(shares(untilTold(three))).containsOnlyKeys("a", "b", "c");
  }

  @Test
  void aLimitThatTheLastOneLeaves_isATombstone_andIsNotBegunByWhoeverLeaves() {
    policy(1, "{ calls: 100 }");
    untilTold(Map.of("a", 500L));

    QuotaDemand leaving = demand("a", 0).setLeaving(true).build();
    demands.pipeInput(API, leaving);
    assertThat(quotas.readKeyValuesToList()).extracting(told -> value(told)).containsOnlyNulls();
    for (int i = 0; i < 5; i++) {
      lab.pass(Duration.ofSeconds(1));
      demands.pipeInput(API, leaving);
    }
    assertThat(quotas.isEmpty()).isTrue();
  }

  @Test
  void aLimitOfWhichNobodySpeaks_isForgotten_butNotForBeingAwayOneself() {
    policy(1, "{ calls: 100 }");
    untilTold(Map.of("a", 500L));

    lab.pass(Duration.ofMinutes(5));
    assertThat(others(5)).isEmpty();
    assertThat(others(2)).extracting(told -> value(told)).containsOnlyNulls();
  }

  /** So many seconds, in which only another limit is wanted; gives what is told of the first. */
  private List<KeyValue<String, QuotaState>> others(int seconds) {
    for (int i = 0; i < seconds; i++) {
      lab.pass(Duration.ofSeconds(1));
      demands.pipeInput("api/returns", demand("z", 5).setLimit("api/returns").build());
    }
    return quotas.readKeyValuesToList().stream().filter(told -> told.key.equals(API)).toList();
  }

  private static @Nullable QuotaState value(KeyValue<String, @Nullable QuotaState> told) {
    return told.value;
  }

  @Test
  void whatWasToldLast_isKept() {
    policy(1, "{ calls: 100 }");
    QuotaState state = untilTold(Map.of("a", 500L, "b", 500L));
    lab.pass(Duration.ofSeconds(1));

    assertThat(lab.kept(DetectorTopology.QUOTAS)).isEqualTo(Map.of(API, state));
  }

  @Test
  void whatIsKeptIsWhatItGoesOnFrom() {
    policy(1, "{ calls: 100 }");
    QuotaState state = untilTold(Map.of("a", 500L, "b", 9L));

    assertThat(QuotaRecords.state(API, QuotaRecords.handout(state), 1)).isEqualTo(state);
  }

  @Test
  void whatCannotBeTrue_goesToDeadLetters() {
    policy(1, "{ calls: 100 }");
    demands.pipeInput("another", demand("a", 5).build());
    assertThat(lab.deadLetter())
        .endsWith("limit: api/orders (expected: the key of the record, another)");
    demands.pipeInput(API, demand("a", 5).setIntervalMillis(0).build());
    assertThat(lab.deadLetter()).endsWith("interval: 0 (expected: 1..3600000)");
    demands.pipeInput(API, demand("a", 5).setAdmitted(Map.of("*", -50L)).build());
    assertThat(lab.deadLetter()).endsWith("wanted: -47 (expected: at least 0)");
    demands.pipeInput(API, demand(" ", 5).build());
    assertThat(lab.deadLetter()).contains("instance: \" \"");
    demands.pipeInput(API, null);
    assertThat(lab.deadLetter()).contains("value: none");
    assertThat(lab.hasDeadLetters()).isFalse();
  }
}
