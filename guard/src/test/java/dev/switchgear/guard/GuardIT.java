package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.HeartbeatPartition;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.Eventually;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardIT {

  private static final Duration BOUND = Duration.ofSeconds(30);

  private static TestKafka kafka;
  private static KafkaProbe probe;

  @BeforeAll
  static void startKafka() {
    kafka = TestKafka.start();
    TopicProvisioning.provision(
        Map.of("bootstrap.servers", kafka.bootstrapServers()), List.of("orders"));
    probe = new KafkaProbe(kafka.bootstrapServers());
  }

  @AfterAll
  static void stopKafka() {
    probe.close();
    kafka.close();
  }

  @Test
  void aStateThatWasPublished_isObeyedOnceReady() throws Exception {
    publish("before", State.OPEN, 4);

    try (Switchgear gear = connect("obeying-1")) {
      assertThat(gear.awaitReady(BOUND)).isTrue();

      assertThat(gear.guard("before").admit()).isInstanceOf(Refusal.class);
      assertThat(gear.guard("never heard of").admit()).isInstanceOf(Permit.class);
    }
  }

  @Test
  void aStateThatIsPublishedLater_isObeyed() throws Exception {
    try (Switchgear gear = connect("obeying-2")) {
      assertThat(gear.awaitReady(BOUND)).isTrue();
      Guard guard = gear.guard("later");

      publish("later", State.OPEN, 4);
      Eventually.holds("obeyed", () -> guard.admit() instanceof Refusal);
      publish("later", State.CLOSED, 3);
      publish("later", State.HELD_CLOSED, 5);
      Eventually.holds(
          "obeyed", () -> guard.admit() instanceof Permit permit && permit.epoch() == 5);
      assertThat(gear.board().state("later").orElseThrow().getState()).isEqualTo(State.HELD_CLOSED);
    }
  }

  @Test
  void observations_tellEveryCallOnceWithWhoAndWhen() throws Exception {
    try (Switchgear gear = connect("observing-1")) {
      Guard guard = gear.guard("observed");
      for (int i = 0; i < 1_000; i++) {
        ((Permit) guard.admit()).success(5_000_000);
      }
      for (int i = 0; i < 30; i++) {
        ((Permit) guard.admit()).failure("IOException", 7_000_000);
      }
    }

    List<Observation> seen =
        probe.read(Topics.OBSERVATIONS, all -> calls(of(all, "observed")) >= 1_030);
    List<Observation> ours = of(seen, "observed");
    assertThat(calls(ours)).isEqualTo(1_030);
    assertThat(
            ours.stream().mapToLong(each -> each.getErrors().getOrDefault("IOException", 0L)).sum())
        .isEqualTo(30);
    assertThat(ours)
        .allSatisfy(
            each -> {
              assertThat(each.getLane()).isEqualTo(Lane.GUARD);
              assertThat(each.getService()).isEqualTo("checkout");
              assertThat(each.getInstance()).isEqualTo("observing-1");
              assertThat(each.getZone()).isEqualTo("zone-a");
              assertThat(each.getEpoch()).isZero();
            });
    assertThat(ours.stream().map(Observation::getSequence)).doesNotHaveDuplicates();
  }

  @Test
  void heartbeats_comeEvenWhenNothingIsCalled() {
    try (Switchgear gear = connect("beating-1")) {
      List<Heartbeat> beats =
          probe.read(
              Topics.HEARTBEATS,
              all ->
                  all.stream().filter(beat -> beat.getInstance().equals("beating-1")).count() > 1);

      assertThat(beats)
          .filteredOn(beat -> beat.getInstance().equals(gear.instance()))
          .allSatisfy(
              beat -> {
                assertThat(beat.getRole()).isEqualTo("guard");
                assertThat(beat.getService()).isEqualTo("checkout");
                assertThat(beat.getVersion()).isEqualTo("1.2");
                assertThat(beat.getDropped()).isZero();
              });
    }
  }

  @Test
  void detectors_areHeardInTheirPartition_othersLieElsewhere() {
    Pulse pulse = new Pulse();
    var clients =
        new KafkaClients(
            Map.of("bootstrap.servers", kafka.bootstrapServers()), "checkout", "hearing-1");
    try (var follower = new PulseFollower(pulse, Clocks.SYSTEM, clients, Records.builtInOnly());
        Switchgear gear = connect("beating-2")) {
      probe.read(
          Topics.HEARTBEATS,
          all -> all.stream().filter(beat -> beat.getInstance().equals("beating-2")).count() > 2);
      assertThat(follower).isNotNull();
      assertThat(gear.instance()).isEqualTo("beating-2");
      assertThat(pulse.silentNanos(System.nanoTime())).isEqualTo(Long.MAX_VALUE);

      Eventually.holds("heard", () -> isHeardAfterABeat(pulse));
    }
  }

  /** What came before the follower was at the end is not told, so it is said again. */
  private static boolean isHeardAfterABeat(Pulse pulse) {
    Heartbeat beat =
        Heartbeat.newBuilder()
            .setRole("detector")
            .setInstance("detector-1")
            .setAtMillis(0)
            .setStartedAtMillis(0)
            .build();
    try {
      probe.put(Topics.HEARTBEATS, HeartbeatPartition.OF_DETECTORS, "detector/1", beat);
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError("Cannot send a heartbeat", e);
    }
    return pulse.silentNanos(System.nanoTime()) < Long.MAX_VALUE;
  }

  @Test
  void schemas_areOnTheirTopicForReadersOfOtherVersions() {
    int announced = SchemaDirectory.announcements().size();
    long before = probe.end(Topics.SCHEMAS);

    try (Switchgear gear = connect("announcing-1")) {
      Eventually.holds(
          gear.instance() + " announces", () -> probe.end(Topics.SCHEMAS) == before + announced);
    }
  }

  @Test
  void kafkaIsAbsentAtFirst_callsWorkAndAreToldOnceItIsThere(@TempDir Path data) throws Exception {
    try (TestKafka late = TestKafka.down(data);
        Switchgear gear = connect(late.bootstrapServers(), "waiting-1")) {
      Guard guard = gear.guard(BREAKER);
      for (int i = 0; i < 100; i++) {
        assertThat(guard.call(() -> "answer", why -> "fallback")).isEqualTo("answer");
      }
      assertThat(gear.isReady()).isFalse();
      assertThat(gear.parking("orders", BREAKER).holds("anna")).isTrue();

      late.goUp();
      TopicProvisioning.provision(
          Map.of("bootstrap.servers", late.bootstrapServers()), List.of("orders"));
      try (KafkaProbe lateProbe = new KafkaProbe(late.bootstrapServers())) {
        assertThat(gear.awaitReady(BOUND)).isTrue();
        List<Observation> seen =
            lateProbe.read(Topics.OBSERVATIONS, all -> calls(distinct(all)) >= 100);
        assertThat(calls(distinct(seen))).isEqualTo(100);
        assertThat(gear.droppedObservations()).isZero();
      }
    }
  }

  @Test
  void kafkaGoesAndComesBack_everyCallIsToldOnce(@TempDir Path data) throws Exception {
    try (TestKafka mortal = TestKafka.down(data);
        Switchgear gear = connect(mortal.bootstrapServers(), "surviving-1")) {
      mortal.goUp();
      TopicProvisioning.provision(
          Map.of("bootstrap.servers", mortal.bootstrapServers()), List.of());
      assertThat(gear.awaitReady(BOUND)).isTrue();
      Guard guard = gear.guard(BREAKER);
      int called = call(guard, 500);
      mortal.goDown();
      long before = gear.deferredObservations();
      while (gear.deferredObservations() < before + 3) {
        called += call(guard, 1);
        Thread.onSpinWait();
      }

      mortal.goUp();
      try (KafkaProbe laterProbe = new KafkaProbe(mortal.bootstrapServers())) {
        int expected = called + call(guard, 500);
        List<Observation> seen =
            laterProbe.read(Topics.OBSERVATIONS, all -> calls(distinct(all)) >= expected);
        assertThat(calls(distinct(seen))).isEqualTo(expected);
      }
    }
  }

  @Test
  void closedDuringCalls_eachIsAnsweredAndToldOnceAtMost_andNoSlotStaysTaken() throws Exception {
    Switchgear gear = connect("closing-1");
    assertThat(gear.awaitReady(BOUND)).isTrue();
    Bulkhead bulkhead = gear.bulkhead("closing", 100);
    GuardedCall<String> guard =
        gear.guard("closing", String.class).timeout(BOUND).bulkhead(bulkhead).build();
    CompletableFuture<String> slow = new CompletableFuture<>();
    CompletionStage<String> late = guard.callAsync(() -> slow);
    try (SteadyCallers callers = new SteadyCallers(gear.guard("closing"), guard)) {
      callers.awaitMore(1_000);
      long before = callers.answered();
      assertTimeoutPreemptively(BOUND, gear::close);
      callers.awaitMore(1_000);
      callers.stop();
      assertThat(bulkhead.running()).isOne();
      slow.complete("late");

      assertThat(late.toCompletableFuture()).isCompletedWithValue("late");
      assertThat(bulkhead.running()).isZero();
      assertThat(callsTold("closing", before)).isBetween(before, callers.answered());
      assertThat(gear.droppedObservations()).isZero();
    }
  }

  /** As soon as they are enough. */
  private static long callsTold(String breaker, long enough) {
    return calls(
        distinct(
            of(
                probe.read(Topics.OBSERVATIONS, all -> calls(distinct(of(all, breaker))) >= enough),
                breaker)));
  }

  @Test
  void anAddressThatIsNone_isRefusedAtOnce() {
    assertThatThrownBy(() -> Switchgear.connect("kafka", "checkout"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "bootstrapServers: \"kafka\" (expected: host:port, several separated by commas)");
  }

  @Test
  void aHostThatDoesNotResolve_doesNotHoldUpTheCaller() throws Exception {
    try (Switchgear gear = connect("no-such-host.invalid:9092", "lonely-1")) {
      assertThat(gear.guard(BREAKER).call(() -> "answer", why -> "fallback")).isEqualTo("answer");
      assertThat(gear.guard(BREAKER)).isSameAs(gear.guard(BREAKER));
    }
  }

  private static Switchgear connect(String instance) {
    return connect(kafka.bootstrapServers(), instance);
  }

  private static Switchgear connect(String bootstrapServers, String instance) {
    return Switchgear.builder(bootstrapServers, "checkout")
        .instance(instance)
        .version("1.2")
        .zone("zone-a")
        .build();
  }

  private static void publish(String breaker, State state, long epoch) throws Exception {
    BreakerState published = States.unbuilt(state, epoch, 0).setBreaker(breaker).build();
    probe.put(Topics.BREAKER_STATE, breaker, published);
  }

  private static int call(Guard guard, int calls) {
    for (int i = 0; i < calls; i++) {
      ((Permit) guard.admit()).success(1_000_000);
    }
    return calls;
  }

  private static List<Observation> of(List<Observation> all, String breaker) {
    return all.stream().filter(each -> each.getBreaker().equals(breaker)).toList();
  }

  /** As the detector reads: a repeated sequence number is the same observation. */
  private static List<Observation> distinct(List<Observation> all) {
    return List.copyOf(
        all.stream()
            .collect(Collectors.toMap(Observation::getSequence, each -> each, (one, same) -> one))
            .values());
  }

  private static long calls(List<Observation> observations) {
    return observations.stream().mapToLong(Observation::getCalls).sum();
  }
}
