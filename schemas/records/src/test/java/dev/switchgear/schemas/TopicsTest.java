package dev.switchgear.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.Topic.Cleanup;
import dev.switchgear.schemas.Topic.Durability;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {

  /** The contract: name, key, value, clean-up, class. A change here breaks somebody. */
  private static final String CONTRACT =
      """
      switchgear.spans | trace id | Span | delete | telemetry
      switchgear.logs | trace id, else service instance | LogEntry | delete | telemetry
      switchgear.metrics | service instance | MetricPoint | delete | telemetry
      switchgear.observations | breaker id | Observation | delete | telemetry
      switchgear.policies | breaker pattern | Policy | compact | ledger
      switchgear.commands | breaker id | OperatorCommand | delete | ledger
      switchgear.breaker-state | breaker id | BreakerState | compact | ledger
      switchgear.breaker-transitions | breaker id | BreakerTransition | delete | ledger
      switchgear.symptoms | breaker + symptom kind | SymptomState | compact,delete | ledger
      switchgear.quota-demand | limit | QuotaDemand | delete | telemetry
      switchgear.quotas | limit | QuotaState | compact | ledger
      switchgear.heartbeats | role + instance | Heartbeat | compact,delete | telemetry
      switchgear.parked-work | item id | ParkedWork | compact | ledger
      switchgear.work-outcomes | item id | WorkOutcome | delete | ledger
      switchgear.queue-state | queue | QueueState | compact | ledger
      switchgear.quarantine | queue + item id | QuarantinedWork | delete | ledger
      """;

  @Test
  void theCatalogueIsTheContract() {
    String catalogue =
        Topics.all().stream().map(TopicsTest::row).collect(Collectors.joining("\n", "", "\n"));
    assertThat(catalogue).isEqualTo(CONTRACT);
  }

  private static String row(Topic<?> topic) {
    return String.join(
        " | ",
        topic.name(),
        topic.key(),
        topic.valueType().getSimpleName(),
        topic.cleanup().policy(),
        topic.durability().name().toLowerCase(Locale.ROOT));
  }

  @Test
  void everyValueIsARecordThatIsPublished() {
    assertThat(Topics.all())
        .extracting(topic -> topic.valueType().getName())
        .isSubsetOf(
            SchemaDirectory.builtIn().stream().map(schema -> schema.getFullName()).toList());
  }

  @Test
  void whatAskedForLong_isKeptForAYear() {
    List<Topic<?>> kept =
        List.of(Topics.COMMANDS, Topics.BREAKER_TRANSITIONS, Topics.SYMPTOMS, Topics.QUARANTINE);
    assertThat(kept).allMatch(topic -> topic.retention().equals(Duration.ofDays(365)));
  }

  @Test
  void unfinishedWork_isDeletedByNoRetention() {
    assertThat(Topics.PARKED_WORK.cleanup()).isEqualTo(Cleanup.COMPACT);
  }

  @Test
  void topicsThatMeetInATask_haveAsManyPartitions() {
    assertThat(Topics.OBSERVATIONS.partitions())
        .isEqualTo(Topics.COMMANDS.partitions())
        .isEqualTo(Topics.BREAKER_STATE.partitions())
        .isEqualTo(Topics.BREAKER_TRANSITIONS.partitions());
    assertThat(Topics.PARKED_WORK.partitions())
        .isEqualTo(Topics.WORK_OUTCOMES.partitions())
        .isEqualTo(Topics.replay("orders").partitions());
  }

  @Test
  void aQueueHasAReplayTopicOfItsOwn() {
    assertThat(row(Topics.replay("orders-2")))
        .isEqualTo("switchgear.replay.orders-2 | work key | ParkedWork | delete | ledger");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-orders", "Orders", "orders.eu", "orders/eu", "a b", "ø"})
  void aQueueNameThatIsNoTopicName_isRefused(String queue) {
    assertThatThrownBy(() -> Topics.replay(queue))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "queue: \"" + queue + "\" (expected: 1..63 of a-z, 0-9 and -, not starting with -)");
  }

  @Test
  void aQueueNameOf63IsTheLongest() {
    assertThat(Topics.replay("q".repeat(63)).name()).hasSize(18 + 63);
    assertThatThrownBy(() -> Topics.replay("q".repeat(64)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1001})
  void partitionsOutOfRange_areRefused(int partitions) {
    assertThatThrownBy(() -> topic(partitions, Duration.ofDays(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("partitions of t: " + partitions + " (expected: 1..1000)");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 0})
  void noRetention_isRefused(long millis) {
    Duration retention = Duration.ofMillis(millis);
    assertThatThrownBy(() -> topic(1, retention))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("retention of t: " + retention + " (expected: more than zero)");
  }

  private static Topic<Policy> topic(int partitions, Duration retention) {
    return new Topic<>(
        "t", "k", Policy.class, partitions, Cleanup.DELETE, retention, Durability.LEDGER);
  }
}
