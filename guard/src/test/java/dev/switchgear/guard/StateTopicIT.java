package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.HeartbeatPartition;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.Eventually;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What may lie on the topic of states, and what may happen to it, on a real broker. */
class StateTopicIT {

  private static final Duration BOUND = Duration.ofSeconds(30);

  private static TestKafka kafka;
  private static KafkaProbe probe;

  @BeforeAll
  static void startKafka() {
    kafka = TestKafka.start();
    provision();
    probe = new KafkaProbe(kafka.bootstrapServers());
  }

  @AfterAll
  static void stopKafka() {
    probe.close();
    kafka.close();
  }

  @Test
  void whatIsNoStateToBelieve_isRefusedAndCounted_andTheNextIsObeyed() throws Exception {
    String breaker = "poisoned";
    publish(breaker, State.CLOSED, 1);
    try (Switchgear gear = connect("refusing-1")) {
      assertThat(gear.awaitReady(BOUND)).isTrue();
      long before = gear.board().refused();
      Guard guard = gear.guard(breaker);

      put(breaker, new byte[] {1, 2, 3});
      put(breaker, FutureStates.unpublished(breaker, 2));
      probe.put(
          Topics.BREAKER_STATE,
          breaker,
          state(breaker, State.OPEN, 3).setAdmittedShare(20_000).build());
      probe.put(Topics.BREAKER_STATE, breaker, state("another", State.OPEN, 4).build());
      put(breaker, bytesOfAHeartbeat());
      Eventually.holds("all are refused", () -> gear.board().refused() == before + 5);
      assertThat(guard.admit())
          .isInstanceOfSatisfying(Permit.class, permit -> assertThat(permit.epoch()).isOne());

      publish(breaker, State.OPEN, 2);
      Eventually.holds("obeyed", () -> guard.admit() instanceof Refusal);
      assertThat(gear.board().refused()).isEqualTo(before + 5);
    }
  }

  @Test
  void statesOfALaterVersion_areReadByItsPublishedSchema_unlessTheyAreUnknownHere()
      throws Exception {
    String breaker = "modern";
    announceTheFuture();
    try (Switchgear gear = connect("reading-1")) {
      assertThat(gear.awaitReady(BOUND)).isTrue();
      long before = gear.board().refused();
      Guard guard = gear.guard(breaker);

      put(breaker, FutureStates.of(breaker, "MELTING", 2));
      Eventually.holds("refused", () -> gear.board().refused() == before + 1);
      assertThat(guard.admit()).isInstanceOf(Permit.class);

      put(breaker, FutureStates.of(breaker, "OPEN", 3));
      Eventually.holds("obeyed", () -> guard.admit() instanceof Refusal);
      assertThat(gear.board().refused()).isEqualTo(before + 1);
    }
  }

  @Test
  void aTopicMadeAnew_bringsNoLowerEpoch_andHoldsNobodyUp() throws Exception {
    String breaker = "anew";
    for (long epoch = 1; epoch < 5; epoch++) {
      publish(breaker, State.CLOSED, epoch);
    }
    publish(breaker, State.OPEN, 5);
    try (Switchgear gear = connect("remembering-1")) {
      assertThat(gear.awaitReady(BOUND)).isTrue();
      long before = gear.board().refused();
      Guard guard = gear.guard(breaker);
      assertThat(guard.admit()).isInstanceOf(Refusal.class);

      makeAnew();
      publish(breaker, State.CLOSED, 1);
      whileADetectorLives("the lower epoch is refused", () -> gear.board().refused() == before + 1);
      assertThat(guard.admit())
          .isInstanceOfSatisfying(Refusal.class, why -> assertThat(why.epoch()).isEqualTo(5));

      whileADetectorLives(
          "judged alone", () -> belief(gear, breaker).source() == Health.Source.LOCAL);
      assertThat(gear.health().fleetHeard()).isTrue();
      whileADetectorLives("let through alone", () -> guard.admit() instanceof Permit);

      publish(breaker, State.CLOSED, 6);
      whileADetectorLives(
          "obeyed", () -> guard.admit() instanceof Permit permit && permit.epoch() == 6);
      assertThat(belief(gear, breaker).source()).isEqualTo(Health.Source.FLEET);
    }
  }

  private static Health.Belief belief(Switchgear gear, String breaker) {
    return gear.health().beliefs().stream()
        .filter(each -> each.breaker().equals(breaker))
        .findFirst()
        .orElseThrow();
  }

  /** Silence must not be why an instance judges alone, so a detector says that it lives. */
  private static void whileADetectorLives(String what, BooleanSupplier condition) {
    Eventually.holds(
        what,
        () -> {
          beat();
          return condition.getAsBoolean();
        });
  }

  private static void beat() {
    try {
      probe.put(Topics.HEARTBEATS, HeartbeatPartition.OF_DETECTORS, "detector/1", heartbeat());
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError("Cannot send a heartbeat", e);
    }
  }

  private static Heartbeat heartbeat() {
    return Heartbeat.newBuilder()
        .setRole("detector")
        .setInstance("detector-1")
        .setAtMillis(0)
        .setStartedAtMillis(0)
        .build();
  }

  private static byte[] bytesOfAHeartbeat() {
    return Records.builtInOnly().serializer(Heartbeat.class).serialize("", heartbeat());
  }

  private static void makeAnew() throws Exception {
    String topic = Topics.BREAKER_STATE.name();
    try (Admin admin = Admin.create(settings())) {
      admin.deleteTopics(List.of(topic)).all().get();
      Eventually.holds("deleted", () -> !exists(admin, topic));
    }
    provision();
  }

  private static boolean exists(Admin admin, String topic) {
    try {
      return admin.listTopics().names().get().contains(topic);
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError("Cannot list topics", e);
    }
  }

  private static void provision() {
    TopicProvisioning.provision(settings(), List.of());
  }

  private static Map<String, Object> settings() {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  private static Switchgear connect(String instance) {
    return Switchgear.builder(kafka.bootstrapServers(), "checkout").instance(instance).build();
  }

  /** As a writer of a later version does when it starts. */
  private static void announceTheFuture() throws Exception {
    String fingerprint =
        Long.toHexString(SchemaNormalization.parsingFingerprint64(FutureStates.SCHEMA));
    probe.putBytes(
        Topics.SCHEMAS,
        fingerprint,
        FutureStates.SCHEMA.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void put(String breaker, byte[] bytes) throws Exception {
    probe.putBytes(Topics.BREAKER_STATE.name(), breaker, bytes);
  }

  private static void publish(String breaker, State state, long epoch) throws Exception {
    probe.put(Topics.BREAKER_STATE, breaker, state(breaker, state, epoch).build());
  }

  private static BreakerState.Builder state(String breaker, State state, long epoch) {
    int share = state == State.CLOSED ? Entry.ALL : 0;
    return States.unbuilt(state, epoch, share).setBreaker(breaker).setStaleAfterMillis(2_000);
  }
}
