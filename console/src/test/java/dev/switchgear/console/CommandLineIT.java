package dev.switchgear.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.console.view.Moves;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.CommandKind;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.OperatorCommand;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.SymptomKind;
import dev.switchgear.schemas.SymptomState;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.TestKafka;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Commands on a Kafka where no part of Switchgear runs, so that every state is one of ours. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineIT {

  private final TestKafka kafka = TestKafka.start();
  private final String address = kafka.bootstrapServers();

  @BeforeAll
  void createTopics() {
    TopicProvisioning.provision(Map.of("bootstrap.servers", address), List.of("orders"));
    publish("payments/charge", State.OPEN, 3, "48 of 51 calls failed");
    publish("search/query", State.CLOSED, 0, "new");
    try (Publisher publisher = new Publisher(address)) {
      for (var move : List.of(Moves.held(), Moves.opened(), Moves.probing())) {
        publisher.publish(Topics.BREAKER_TRANSITIONS, move.getBreaker(), move);
      }
    }
  }

  @AfterAll
  void stopKafka() {
    kafka.close();
  }

  private void publish(String breaker, State state, long epoch, String reason) {
    try (Publisher publisher = new Publisher(address)) {
      publisher.publish(
          Topics.BREAKER_STATE,
          breaker,
          BreakerState.newBuilder()
              .setBreaker(breaker)
              .setState(state)
              .setEpoch(epoch)
              .setAdmittedShare(state == State.OPEN ? 0 : 10_000)
              .setReason(reason)
              .setDecidedAtMillis(Instant.parse("2026-01-02T03:04:05Z").toEpochMilli())
              .setUntilMillis(
                  state == State.OPEN ? Instant.parse("2026-01-02T03:04:09Z").toEpochMilli() : 0)
              .build());
    }
  }

  private List<OperatorCommand> commands() throws InterruptedException {
    List<OperatorCommand> commands = new CopyOnWriteArrayList<>();
    try (var follower =
        TopicFollower.start(
            Topics.COMMANDS,
            Map.of("bootstrap.servers", address),
            Records.builtInOnly(),
            (record, command) -> {
              if (command != null) {
                commands.add(command);
              }
            })) {
      assertThat(follower.awaitCaughtUp(Duration.ofSeconds(30))).isTrue();
    }
    return commands;
  }

  @Test
  void breakersAreShownAsATable() {
    Called called = Called.with("breakers", "--kafka", address);

    assertThat(called.err()).isEmpty();
    assertThat(called.exitCode()).isZero();
    assertThat(called.out().lines())
        .hasSize(3)
        .anyMatch(line -> line.matches("BREAKER +STATE +SHARE +EPOCH +SINCE +UNTIL +REASON"))
        .anyMatch(
            line ->
                line.matches(
                    "payments/charge +OPEN +0 % +3 +\\d+ d +\\d\\d:\\d\\d:09 +48 of 51 calls failed"))
        .anyMatch(line -> line.matches("search/query +CLOSED +100 % +0 +\\d+ d +· +new"));
  }

  @Test
  void symptomsAreShown_thoseThatAreOverOnlyWhenAskedFor_andEachChangeWhileWatching()
      throws Exception {
    try (Publisher publisher = new Publisher(address);
        Calling watching = Calling.with("symptoms", "--watch", "--json", "--kafka", address)) {
      publisher.publish(Topics.SYMPTOMS, "stock/SATURATION", symptom("stock", 0));
      watching.awaitOut(text -> text.contains("stock"));
      publisher.publish(
          Topics.SYMPTOMS, "search/SATURATION", symptom("search", 1_767_323_050_000L));
      assertThat(watching.awaitOut(text -> text.contains("search")))
          .contains("{\"breaker\":\"stock\",\"symptom\":\"SATURATION\"")
          .contains("\"until\":\"2026-01-02T03:04:10Z\"")
          .contains("\"callers\":[\"checkout\"],\"downstreamOf\":null}");
    }

    Called felt = Called.with("symptoms", "--kafka", address);
    assertThat(felt.err()).isEmpty();
    assertThat(felt.out().lines())
        .hasSize(2)
        .anyMatch(line -> line.matches("BREAKER +SYMPTOM +SINCE +UNTIL +REASON"))
        .anyMatch(
            line ->
                line.matches(
                    "stock +SATURATION +\\d+ d +· +cpu is 0.97, the limit is 0.9; felt by"
                        + " checkout"));
    assertThat(Called.with("symptoms", "--all", "--kafka", address).out().lines())
        .hasSize(3)
        .last()
        .asString()
        .startsWith("search ");
    assertThat(Called.with("symptoms", "--json", "--kafka", address).out())
        .contains("\"symptoms\" : [ {", "\"secondsToFull\" : 40.0")
        .doesNotContain("search");
  }

  private static SymptomState symptom(String breaker, long untilMillis) {
    return SymptomState.newBuilder()
        .setBreaker(breaker)
        .setKind(SymptomKind.SATURATION)
        .setSinceMillis(1_767_323_045_000L)
        .setSeenAtMillis(1_767_323_046_000L)
        .setUntilMillis(untilMillis)
        .setMeasure("cpu")
        .setValue(0.97)
        .setUsual(0.9)
        .setStrength(20)
        .setStrengthWanted(14)
        .setReason("saturation: cpu is 0.97, the limit is 0.9")
        .setCallers(List.of("checkout"))
        .setRisePerSecond(0.001)
        .setSecondsToFull(40.0)
        .build();
  }

  @Test
  void whatWasObserved_isHistoryToTryAPolicyOn() {
    long began = System.currentTimeMillis() - 600_000;
    try (Publisher publisher = new Publisher(address)) {
      for (int second = 0; second < 300; second++) {
        Observation each = observation(began + second * 1_000L, second > 240 ? 10 : 0);
        publisher.publish(Topics.OBSERVATIONS, each.getBreaker(), each);
      }
    }

    Called called =
        Called.with("backtest", "--input", "switchgear.observations", "--kafka", address);
    assertThat(called.err()).isEmpty();
    assertThat(called.out()).contains("errors", "stock/query: ", "1 symptoms in 1 incidents");

    Called later =
        Called.with(
            "backtest",
            "--input",
            "switchgear.observations",
            "--from",
            "2100-01-01T00:00:00Z",
            "--kafka",
            address);
    assertThat(later.exitCode()).isEqualTo(2);
    assertThat(later.err()).contains("switchgear.observations: holds no call between 2100-01-01");
  }

  private static Observation observation(long fromMillis, long failed) {
    return Observation.newBuilder()
        .setBreaker("stock/query")
        .setLane(Lane.GUARD)
        .setService("checkout")
        .setInstance("checkout-1")
        .setSequence(fromMillis)
        .setIncarnation(1)
        .setFromMillis(fromMillis)
        .setIntervalMillis(1_000)
        .setEpoch(0)
        .setCalls(10)
        .setErrors(failed == 0 ? Map.of() : Map.of("IOException", failed))
        .setLatencyNanos(new Histogram(0, 0L, 0, List.of()))
        .build();
  }

  @Test
  void jsonIsOneDocumentWithStableNames() {
    Called called = Called.with("breakers", "--json", "--kafka", address);

    assertThat(called.out().replaceAll("\\s*\\n\\s*", " ").strip())
        .isEqualTo(
            "{ \"kafka\" : \""
                + address
                + "\", \"breakers\" : [ { \"breaker\" : \"payments/charge\", \"state\" : \"OPEN\","
                + " \"admittedShare\" : 0.0, \"epoch\" : 3, \"since\" : \"2026-01-02T03:04:05Z\","
                + " \"until\" : \"2026-01-02T03:04:09Z\", \"retryAfterMillis\" : 0,"
                + " \"reason\" : \"48 of 51 calls failed\", \"policyVersion\" : 0 },"
                + " { \"breaker\" : \"search/query\", \"state\" : \"CLOSED\","
                + " \"admittedShare\" : 1.0, \"epoch\" : 0, \"since\" : \"2026-01-02T03:04:05Z\","
                + " \"until\" : null, \"retryAfterMillis\" : 0, \"reason\" : \"new\","
                + " \"policyVersion\" : 0 } ] }");
  }

  @Test
  void watchingIntoAPipe_writesALineForEachChange_untilCtrlC() throws Exception {
    try (Calling watching = Calling.with("breakers", "--watch", "--kafka", address)) {
      watching.awaitOut(text -> text.lines().count() >= 2);

      publish("search/query", State.CLOSED, 0, "still well");

      assertThat(watching.awaitOut(text -> text.contains("still well")).lines().toList())
          .last()
          .asString()
          .contains("search/query  CLOSED  100 %  (epoch 0)  still well");
      assertThat(watching.interrupt()).isEqualTo(ExitCode.DONE);
    } finally {
      publish("search/query", State.CLOSED, 0, "new");
    }
  }

  @Test
  void holdingAnUnknownBreakerNamesTheNearest_andCommandsNothing() throws InterruptedException {
    Called called =
        Called.with("hold", "payment/charge", "--open", "--for=1m", "--why=w", "--kafka", address);

    assertThat(called.err().lines())
        .containsExactly(
            "switchgear: No breaker is called payment/charge. Did you mean payments/charge?",
            "All of them: switchgear breakers");
    assertThat(called.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(commands()).noneMatch(command -> command.getBreaker().equals("payment/charge"));
    assertThat(Called.with("breakers", "--kafka", address).out()).doesNotContain("payment/charge ");
  }

  @Test
  void whereNoDetectorRuns_aHoldIsWritten_butFails() throws InterruptedException {
    Called called =
        Called.with(
            "hold",
            "search/query",
            "--shadow",
            "--for=2h",
            "--who=alice",
            "--why=new policy",
            "--kafka",
            address);

    assertThat(called.err()).contains("no detector has obeyed it").contains("Does a detector run?");
    assertThat(called.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(commands())
        .singleElement()
        .satisfies(
            command -> {
              assertThat(command.getBreaker()).isEqualTo("search/query");
              assertThat(command.getKind()).isEqualTo(CommandKind.SHADOW);
              assertThat(command.getWho()).isEqualTo("alice");
              assertThat(command.getWhy()).isEqualTo("new policy");
              assertThat(command.getUntilMillis() - command.getIssuedAtMillis())
                  .isBetween(7_100_000L, 7_200_000L);
            });
  }

  @Test
  void anInstanceOfWhichNothingWasPublished_isKnownByItsWhole() throws InterruptedException {
    String instance = "search/query~checkout#checkout-7";
    Called released = Called.with("release", instance, "--why=w", "--kafka", address);
    Called unknown = Called.with("release", "serch~a#b", "--why=w", "--kafka", address);

    assertThat(released.out()).contains(instance + " is not held");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(commands()).noneMatch(c -> c.getKind() == CommandKind.RELEASE);
  }

  @Test
  void releasingWhatNobodyHoldsCommandsNothing() throws InterruptedException {
    Called called = Called.with("release", "payments/charge", "--why=w", "--kafka", address);

    assertThat(called.out()).contains("payments/charge is not held");
    assertThat(called.exitCode()).isZero();
    assertThat(commands()).noneMatch(c -> c.getKind() == CommandKind.RELEASE);
  }

  @Test
  void why_explainsTheLastCauseAndWhatFollowed() {
    Called called = Called.with("why", "payments/charge", "--kafka", address);

    assertThat(called.err()).isEmpty();
    assertThat(called.out().lines().toList())
        .startsWith(
            "payments/charge  RECOVERING → HELD OPEN  (epoch 11)  2026-01-02 03:04:05.000",
            "  Why         HOLD_OPEN by ana: a drill");
    assertThat(called.exitCode()).isZero();
  }

  @Test
  void why_explainsTheEpochThatIsAskedFor_andJudgesItAgain() {
    Called called = Called.with("why", "payments/charge", "--epoch", "8", "--kafka", address);

    assertThat(called.out())
        .startsWith("payments/charge  CLOSED → OPEN  (epoch 8)")
        .contains("Recomputed  agrees")
        .doesNotContain("Since then");
  }

  @Test
  void why_forPrograms() {
    Called called =
        Called.with("why", "payments/charge", "--epoch=8", "--json", "--kafka", address);

    assertThat(called.out().replaceAll("\\s*\\n\\s*", " "))
        .startsWith("{ \"kafka\" : \"" + address + "\", \"breaker\" : \"payments/charge\"")
        .contains("\"epoch\" : 8, \"from\" : \"CLOSED\", \"to\" : \"OPEN\"")
        .contains("\"test\" : \"EXCESS\"")
        .contains("\"recomputed\" : \"AGREES\"");
  }

  @Test
  void why_namesTheEpochsThereAre() {
    Called called = Called.with("why", "payments/charge", "--epoch", "7", "--kafka", address);

    assertThat(called.err().lines())
        .containsExactly(
            "switchgear: No move of payments/charge began epoch 7 on"
                + " switchgear.breaker-transitions",
            "There are: 8, 9, 11");
    assertThat(called.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void why_namesTheNearestBreaker_andOneThatNeverMovedIsNoError() {
    assertThat(Called.with("why", "payment/charge", "--kafka", address).err())
        .startsWith(
            "switchgear: No breaker is called payment/charge. Did you mean payments/charge?");
    assertThat(Called.with("why", "search/query", "--kafka", address).out())
        .isEqualTo("search/query has never moved: it is as it was when it was first called.\n");
  }

  @Test
  void topicsThatExistAreLeftAlone() {
    Called called = Called.with("topics", "create", "--kafka", address);

    assertThat(called.out()).endsWith("0 topics created\n").doesNotContain("created switchgear");
    assertThat(called.exitCode()).isZero();
  }

  @Test
  void aKafkaWithoutSwitchgearIsTold() {
    try (TestKafka empty = TestKafka.start()) {
      Called called = Called.with("breakers", "--kafka", empty.bootstrapServers());

      assertThat(called.err()).contains("no Switchgear runs there yet").contains("switchgear up");
      assertThat(called.exitCode()).isEqualTo(ExitCode.FAILED);
    }
  }

  @Test
  void anUnreachableKafkaIsTold() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }

    Called called = Called.with("breakers", "--kafka", "127.0.0.1:" + free);

    assertThat(called.err())
        .isEqualTo(
            "switchgear: No Kafka broker answers at 127.0.0.1:"
                + free
                + ". Is it running, and is this the address it advertises?\n");
    assertThat(called.exitCode()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void anOccupiedPortIsTold() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Called called = Called.with("up", "--port", Integer.toString(taken.getLocalPort()));

      assertThat(called.err())
          .startsWith("switchgear: Port " + taken.getLocalPort() + " is taken")
          .contains("--port");
      assertThat(called.exitCode()).isEqualTo(ExitCode.FAILED);
    }
  }
}
