package dev.switchgear.detector;

import static dev.switchgear.detector.Observations.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.BreakerId;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.CommandKind;
import dev.switchgear.schemas.DeadLetter;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.OperatorCommand;
import dev.switchgear.schemas.Policy;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The detector on a real broker, with exactly-once and all. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(180)
class DetectorIT {

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final int PARTITIONS = Topics.OBSERVATIONS.partitions();

  @TempDir private Path directory = Path.of("");

  private final TestKafka kafka = TestKafka.start();
  private final KafkaProbe probe = new KafkaProbe(kafka.bootstrapServers());

  @BeforeEach
  void createTopics() {
    TopicProvisioning.provision(Map.of("bootstrap.servers", kafka.bootstrapServers()), List.of());
  }

  @AfterEach
  void stop() {
    probe.close();
    kafka.close();
  }

  private Detector detector(String applicationId) throws InterruptedException {
    return running(settings(applicationId, 2));
  }

  private DetectorSettings settings(String applicationId, int threads) {
    return new DetectorSettings(
        kafka.bootstrapServers(),
        applicationId,
        directory.resolve(applicationId),
        threads,
        null,
        Map.of());
  }

  private static Detector running(DetectorSettings settings) throws InterruptedException {
    Detector detector = Detector.start(settings);
    assertThat(detector.awaitRunning(BOUND)).isTrue();
    return detector;
  }

  /** Every state up to the first one of this kind. */
  private List<BreakerState> statesUntil(State state) {
    List<BreakerState> states =
        probe.read(
            Topics.BREAKER_STATE, read -> read.stream().anyMatch(each -> each.getState() == state));
    int first = states.stream().map(BreakerState::getState).toList().indexOf(state);
    return states.subList(0, first + 1);
  }

  private void hold(CommandKind kind, long untilMillis) throws Exception {
    probe.put(Topics.COMMANDS, BREAKER, hold(kind, BREAKER, untilMillis));
  }

  private static OperatorCommand hold(CommandKind kind, String breaker, long untilMillis) {
    return OperatorCommand.newBuilder()
        .setId("c")
        .setBreaker(breaker)
        .setKind(kind)
        .setWho("ana")
        .setWhy("a drill")
        .setIssuedAtMillis(System.currentTimeMillis())
        .setUntilMillis(untilMillis)
        .build();
  }

  @Test
  void whenADependencyDies_itsBreakerOpensWithEvidence() throws Exception {
    try (Detector detector = detector("fresh");
        Callers callers = new Callers(probe)) {
      statesUntil(State.CLOSED);
      callers.failing = true;
      List<BreakerState> states = statesUntil(State.OPEN);

      assertThat(detector.awaitRunning(Duration.ZERO)).isTrue();
      assertThat(states).extracting(BreakerState::getEpoch).containsExactly(0L, 1L);
      BreakerTransition transition =
          probe.read(Topics.BREAKER_TRANSITIONS, read -> !read.isEmpty()).get(0);
      assertThat(transition.getTo()).isEqualTo(State.OPEN);
      assertThat(transition.getEvidence().getErrors()).containsKey("IOException");
      assertThat(transition.getEvidence().getInputs()).isNotEmpty();
    }
    assertThat(probe.read(Topics.HEARTBEATS, read -> !read.isEmpty()).get(0).getRole())
        .isEqualTo("detector");
  }

  @Test
  void aRestartMovesNoBreaker_andItsHoldGoesOn() throws Exception {
    long until = System.currentTimeMillis() + BOUND.toMillis() * 10;
    try (Detector first = detector("same");
        Callers callers = new Callers(probe)) {
      statesUntil(State.CLOSED);
      hold(CommandKind.HOLD_OPEN, until);
      statesUntil(State.HELD_OPEN);
      assertThat(first.awaitRunning(Duration.ZERO)).isTrue();
      assertThat(callers.failing).isFalse();
    }
    try (Detector second = detector("same")) {
      assertThat(second.awaitRunning(Duration.ZERO)).isTrue();
      hold(CommandKind.HOLD_CLOSED, until);
      List<BreakerState> states = statesUntil(State.HELD_CLOSED);

      assertThat(states)
          .extracting(BreakerState::getState)
          .containsExactly(State.CLOSED, State.HELD_OPEN, State.HELD_CLOSED);
      assertThat(states).extracting(BreakerState::getEpoch).containsExactly(0L, 1L, 2L);
    }
    BreakerTransition last =
        probe.read(Topics.BREAKER_TRANSITIONS, read -> read.size() == 2).get(1);
    assertThat(last.getFrom()).isEqualTo(State.HELD_OPEN);
  }

  @Test
  void afterTheLossOfEveryStore_thePublishedStateGoesOn() throws Exception {
    try (Detector first = detector("lost");
        Callers callers = new Callers(probe)) {
      statesUntil(State.CLOSED);
      assertThat(callers.failing).isFalse();
      hold(CommandKind.HOLD_OPEN, System.currentTimeMillis() + 10_000);
      statesUntil(State.HELD_OPEN);
      assertThat(first.awaitRunning(Duration.ZERO)).isTrue();
    }
    try (Detector second = detector("another")) {
      assertThat(second.awaitRunning(Duration.ZERO)).isTrue();
      List<BreakerState> states = statesUntil(State.PROBING);

      assertThat(states)
          .extracting(BreakerState::getState)
          .containsExactly(State.CLOSED, State.HELD_OPEN, State.PROBING);
      assertThat(states).extracting(BreakerState::getEpoch).containsExactly(0L, 1L, 2L);
    }
  }

  @Test
  void whileOpen_anotherPolicyKeepsStateEpochAndDeadline_andAWrongOneIsRefused() throws Exception {
    try (Detector detector = detector("policies");
        Callers callers = new Callers(probe)) {
      statesUntil(State.CLOSED);
      hold(CommandKind.HOLD_OPEN, System.currentTimeMillis() + BOUND.toMillis() * 10);
      BreakerState held = last(statesUntil(State.HELD_OPEN));
      policy(2, "staleAfter: 33s");
      policy(3, "staleAftr: 1s");
      policy(4, "staleAfter: 0s");
      probe.putBytes(Topics.POLICIES.name(), BREAKER, "poison".getBytes(StandardCharsets.UTF_8));
      var letters = probe.readBytes(Topics.DEAD_LETTERS, read -> read.size() == 3);

      assertThat(letters.stream().map(DetectorIT::source)).containsOnly("switchgear.policies");
      policy(5, "staleAfter: 44s");
      List<BreakerState> told =
          probe.read(
              Topics.BREAKER_STATE,
              read -> read.stream().anyMatch(each -> each.getPolicyVersion() == 5));
      assertThat(told)
          .extracting(BreakerState::getPolicyVersion)
          .isSorted()
          .containsOnly(0L, 2L, 5L);
      assertThat(told)
          .filteredOn(each -> each.getPolicyVersion() > 0)
          .allSatisfy(
              each -> {
                assertThat(each.getState()).isEqualTo(State.HELD_OPEN);
                assertThat(each.getEpoch()).isEqualTo(held.getEpoch());
                assertThat(each.getUntilMillis()).isEqualTo(held.getUntilMillis());
              });
      assertThat(last(told).getStaleAfterMillis()).isEqualTo(44_000);
      assertThat(callers.failing).isFalse();
      assertThat(detector.awaitRunning(Duration.ZERO)).isTrue();
    }
    restartedGoesBy(5);
  }

  /** A detector that begins now reads the same policies, and tells nothing new. */
  private void restartedGoesBy(long version) throws Exception {
    try (Detector again = detector("another")) {
      hold(CommandKind.HOLD_CLOSED, System.currentTimeMillis() + BOUND.toMillis());
      assertThat(last(statesUntil(State.HELD_CLOSED)).getPolicyVersion()).isEqualTo(version);
      assertThat(again.awaitRunning(Duration.ZERO)).isTrue();
    }
  }

  private void policy(long version, String document) throws Exception {
    Policy policy = new Policy(BREAKER, version, document, "ana", "a drill", 1L);
    probe.put(Topics.POLICIES, BREAKER, policy);
  }

  private static BreakerState last(List<BreakerState> states) {
    return states.get(states.size() - 1);
  }

  @Test
  void whatConcernsAPart_isJudgedWithItsWhole_whereverItIsWritten() throws Exception {
    String part = partThatDoesNotLieWithItsWhole();
    long until = System.currentTimeMillis() + BOUND.toMillis() * 10;
    policy(2, "split: [region]");
    try (Detector detector = detector("parts")) {
      long now = System.currentTimeMillis();
      String region = part.substring(part.indexOf('@') + 1);
      Observation called = Observations.good(1, 0, 1, now).setRegion(region).build();
      probe.put(Topics.OBSERVATIONS, BREAKER, called);
      statesOf(part, State.CLOSED);
      probe.put(Topics.COMMANDS, part, hold(CommandKind.HOLD_OPEN, part, until));
      statesOf(part, State.HELD_OPEN);
      probe.put(
          Topics.OBSERVATIONS,
          part,
          Observations.good(1, 0, 2, now).setBreaker(part).setRegion(region).build());
      probe.put(Topics.COMMANDS, part, hold(CommandKind.RELEASE, part, 0));

      List<BreakerState> states = statesOf(part, State.PROBING);
      assertThat(states).extracting(BreakerState::getEpoch).containsExactly(0L, 1L, 2L);
      assertThat(detector.awaitRunning(Duration.ZERO)).isTrue();
    }
    int home = BreakerId.partition(BREAKER, PARTITIONS);
    assertThat(probe.readBytes(Topics.BREAKER_STATE.name(), read -> read.size() >= 4))
        .extracting(ConsumerRecord::partition)
        .containsOnly(home);
  }

  /** As whoever goes by the whole id would write it. */
  private static String partThatDoesNotLieWithItsWhole() {
    int home = BreakerId.partition(BREAKER, PARTITIONS);
    return Stream.of("a", "b", "c", "d", "e", "f", "g", "h")
        .map(region -> BREAKER + "@" + region)
        .filter(id -> Utils.toPositive(Utils.murmur2(utf8(id))) % PARTITIONS != home)
        .findFirst()
        .orElseThrow();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<BreakerState> statesOf(String id, State last) {
    return probe
        .read(Topics.BREAKER_STATE, read -> read.stream().anyMatch(each -> is(each, id, last)))
        .stream()
        .filter(each -> each.getBreaker().equals(id))
        .toList();
  }

  private static boolean is(BreakerState state, String id, State expected) {
    return state.getBreaker().equals(id) && state.getState() == expected;
  }

  @Test
  void poisonOnAnyTopicGoesToDeadLetters_andTheStreamGoesOn() throws Exception {
    byte[] poison = "poison".getBytes(StandardCharsets.UTF_8);
    try (Detector detector = detector("poisoned")) {
      for (var topic : List.of(Topics.OBSERVATIONS, Topics.COMMANDS, Topics.SPANS)) {
        probe.putBytes(topic.name(), BREAKER, poison);
        probe.putBytes(topic.name(), BREAKER, null);
      }
      probe.put(
          Topics.OBSERVATIONS,
          BREAKER,
          Observations.good(1, 0, 1, System.currentTimeMillis()).setCalls(-1).build());
      var letters = probe.readBytes(Topics.DEAD_LETTERS, read -> read.size() == 7);

      assertThat(letters.stream().map(DetectorIT::source))
          .contains("switchgear.observations", "switchgear.commands", "switchgear.spans");
      assertThat(
              letters.stream().filter(letter -> letter.value() != null).map(ConsumerRecord::value))
          .contains(poison);
      probe.put(
          Topics.OBSERVATIONS,
          BREAKER,
          Observations.good(1, 0, 1, System.currentTimeMillis()).build());
      statesUntil(State.CLOSED);
      assertThat(detector.awaitRunning(Duration.ZERO)).isTrue();
    }
  }

  private static String source(ConsumerRecord<String, byte[]> letter) {
    return new String(
        letter.headers().lastHeader(DeadLetter.TOPIC).value(), StandardCharsets.UTF_8);
  }

  @Test
  void spansOfAllPartitionsSumUp() throws Exception {
    int spans = 400;
    try (Detector detector = detector("spans")) {
      for (int i = 0; i < spans; i++) {
        String trace = "trace-" + i;
        probe.put(Topics.SPANS, trace, Spans.failed(trace, System.currentTimeMillis()).build());
      }
      List<Observation> observations =
          probe.read(Topics.OBSERVATIONS, read -> calls(read) >= spans);

      assertThat(calls(observations)).isEqualTo(spans);
      assertThat(observations.stream().map(Observation::getInstance).distinct())
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(0, 1, 2, 3).map(p -> "checkout-1#spans-" + p).toList());
      statesUntil(State.OPEN);
      assertThat(detector.awaitRunning(Duration.ZERO)).isTrue();
    }
  }

  private static long calls(List<Observation> observations) {
    return observations.stream().mapToLong(Observation::getCalls).sum();
  }
}
