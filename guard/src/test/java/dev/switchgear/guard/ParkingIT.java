package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.WorkPartition;
import dev.switchgear.schemas.testing.Eventually;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ParkingIT {

  private static final byte[] PAYLOAD = {1, 2, 3};

  private static TestKafka kafka;
  private static KafkaProbe probe;

  private Switchgear gear;
  private Parking parking;

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

  @BeforeEach
  void connect() {
    gear = connect(kafka.bootstrapServers(), "checkout-1");
    parking = gear.parking("orders", BREAKER);
    Eventually.holds("the ledger is read", parking::isCaughtUp);
  }

  @AfterEach
  void close() {
    gear.close();
  }

  @Test
  void parked_theLedgerHoldsItWhereItsKeyBelongs() throws Exception {
    Instant deadline = Instant.ofEpochMilli(4_000_000_000_000L);
    ParkedWork parked =
        parking.park(
            new Work("anna", "order-1", PAYLOAD, "text/plain", Map.of("shop", "de"), deadline));

    ConsumerRecord<String, byte[]> record = recordOf(parked.getItemId());
    assertThat(record.partition()).isEqualTo(WorkPartition.of("orders", "anna", 4));
    ParkedWork held =
        probe.read(Topics.PARKED_WORK, all -> !of(all, parked.getItemId()).isEmpty()).stream()
            .filter(each -> each.getItemId().equals(parked.getItemId()))
            .findFirst()
            .orElseThrow();
    assertThat(held).isEqualTo(parked);
    assertThat(held.getQueue()).isEqualTo("orders");
    assertThat(held.getBreaker()).isEqualTo(BREAKER);
    assertThat(held.getIdempotencyKey()).isEqualTo("order-1");
    assertThat(held.getPayload()).isEqualTo(ByteBuffer.wrap(PAYLOAD));
    assertThat(held.getContentType()).isEqualTo("text/plain");
    assertThat(held.getHeaders()).isEqualTo(Map.of("shop", "de"));
    assertThat(held.getParkedBy()).isEqualTo("checkout-1");
    assertThat(held.getDeadlineMillis()).isEqualTo(deadline.toEpochMilli());
    assertThat(held.getAttempt()).isZero();
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void parkedInATrace_theTraceGoesWithIt() throws Exception {
    SpanContext span =
        SpanContext.create(
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "00f067aa0ba902b7",
            TraceFlags.getSampled(),
            TraceState.getDefault());
    ParkedWork parked;
    try (Scope scope = Span.wrap(span).makeCurrent()) {
      parked = parking.park(Work.of("trace", "order-1", PAYLOAD));
    }

    String traceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    assertThat(parked.getTraceParent()).isEqualTo(traceParent);
    byte[] header = recordOf(parked.getItemId()).headers().lastHeader("traceparent").value();
    assertThat(header).asString(StandardCharsets.UTF_8).isEqualTo(traceParent);
  }

  @Test
  void parked_theKeyIsHeldAtOnceAndUntilTheLastTombstone() throws Exception {
    assertThat(parking.holds("bert")).isFalse();
    ParkedWork first = parking.park(Work.of("bert", "order-1", PAYLOAD));
    assertThat(parking.holds("bert")).isTrue();
    ParkedWork second = parking.park(Work.of("bert", "order-2", PAYLOAD));

    finish(first);
    ParkedWork other = parking.park(Work.of("bert's neighbour", "order-3", PAYLOAD));
    finish(other);
    Eventually.holds("tombstones are read", () -> !parking.holds("bert's neighbour"));
    assertThat(parking.holds("bert")).isTrue();

    finish(second);
    Eventually.holds("the key is free", () -> !parking.holds("bert"));
  }

  @Test
  void parkedByAnotherInstance_theKeyIsHeldHereToo() throws Exception {
    try (Switchgear other = connect(kafka.bootstrapServers(), "checkout-2")) {
      ParkedWork parked =
          other.parking("orders", BREAKER).park(Work.of("carl", "order-1", PAYLOAD));
      Eventually.holds("the key is held", () -> parking.holds("carl"));

      finish(parked);
      Eventually.holds("the key is free", () -> !parking.holds("carl"));
    }
  }

  @Test
  void parkedInAnotherQueue_theKeyIsNotHeld() throws Exception {
    ParkedWork elsewhere = gear.parking("refunds", BREAKER).park(Work.of("dora", "1", PAYLOAD));
    ParkedWork here = parking.park(Work.of("emil", "1", PAYLOAD));
    finish(here);
    Eventually.holds("what came before is read", () -> !parking.holds("emil"));

    assertThat(elsewhere.getQueue()).isEqualTo("refunds");
    assertThat(parking.holds("dora")).isFalse();
  }

  @Test
  void kafkaWasNeverThere_theWorkIsSurelyNotAccepted() {
    try (Switchgear lonely = connect("127.0.0.1:1", "checkout-3")) {
      Parking none = lonely.parking("orders", BREAKER);

      ParkingException refused =
          catchThrowableOfType(
              ParkingException.class, () -> none.park(Work.of("fred", "order-1", PAYLOAD)));

      assertThat(refused.mayBeHeld()).isFalse();
      assertThat(refused).hasMessageContaining("queue orders is NOT accepted");
    }
  }

  /** How far the record came before Kafka was gone is chance; that the answer is true is not. */
  @Test
  void kafkaGoesWhileParking_theAnswerSaysWhetherItMayBeHeldAndSoDoesTheKey() throws Exception {
    try (TestKafka mortal = TestKafka.start();
        Switchgear orphan = connect(mortal.bootstrapServers(), "checkout-4")) {
      TopicProvisioning.provision(
          Map.of("bootstrap.servers", mortal.bootstrapServers()), List.of("orders"));
      Parking doubtful = orphan.parking("orders", BREAKER);
      doubtful.park(Work.of("gerd", "order-1", PAYLOAD));
      Eventually.holds("the ledger is read", doubtful::isCaughtUp);
      mortal.goDown();

      ParkingException failed =
          catchThrowableOfType(
              ParkingException.class, () -> doubtful.park(Work.of("hans", "order-2", PAYLOAD)));

      assertThat(failed)
          .hasMessageContaining(
              failed.mayBeHeld() ? "under the same idempotency key" : "is NOT accepted");
      assertThat(doubtful.holds("hans")).isEqualTo(failed.mayBeHeld());
    }
  }

  /** Else nobody would ever finish it, and all that comes with its key would be parked. */
  @Test
  void theLedgerIsMadeAnew_aKeyIsNotHeldForWorkThatIsGone() throws Exception {
    try (TestKafka mortal = TestKafka.start();
        Switchgear survivor = connect(mortal.bootstrapServers(), "checkout-5")) {
      Map<String, Object> settings = Map.of("bootstrap.servers", mortal.bootstrapServers());
      TopicProvisioning.provision(settings, List.of("orders"));
      Parking orders = survivor.parking("orders", BREAKER);
      ParkedWork parked = orders.park(Work.of("karl", "order-1", PAYLOAD));
      assertThat(parked.getWorkKey()).isEqualTo("karl");
      Eventually.holds("the ledger is read", orders::isCaughtUp);
      assertThat(orders.holds("karl")).isTrue();

      try (Admin admin = Admin.create(settings)) {
        admin.deleteTopics(List.of(Topics.PARKED_WORK.name())).all().get();
        Eventually.holds("made anew", () -> !provisionedNow(settings).isEmpty());
      }

      Eventually.holds("the key is free", () -> !orders.holds("karl"));
    }
  }

  @Test
  void interruptedWhileParking_nobodyKnowsAndTheThreadStaysInterrupted() {
    Thread.currentThread().interrupt();

    ParkingException interrupted =
        catchThrowableOfType(
            ParkingException.class, () -> parking.park(Work.of("ida", "order-1", PAYLOAD)));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupted).hasMessageContaining("interrupted");
  }

  @Test
  void aQueueHasOneBreaker() {
    assertThat(gear.parking("orders", BREAKER)).isSameAs(parking);
    assertThatThrownBy(() -> gear.parking("orders", "search"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "breaker of queue orders: \"search\" (expected: \"payments/charge\", as at first)");
  }

  private static Set<String> provisionedNow(Map<String, Object> settings) {
    return TopicProvisioning.create(settings, List.of(Topics.PARKED_WORK));
  }

  private static Switchgear connect(String bootstrapServers, String instance) {
    return Switchgear.builder(bootstrapServers, "checkout").instance(instance).build();
  }

  /** As recovery does when the work is done. */
  private static void finish(ParkedWork work) throws Exception {
    int partition = WorkPartition.of(work.getQueue(), work.getWorkKey(), 4);
    probe.put(Topics.PARKED_WORK, partition, work.getItemId(), null);
  }

  private static ConsumerRecord<String, byte[]> recordOf(String itemId) {
    return probe
        .readBytes(
            Topics.PARKED_WORK.name(), all -> all.stream().anyMatch(each -> is(each, itemId)))
        .stream()
        .filter(each -> is(each, itemId))
        .findFirst()
        .orElseThrow();
  }

  private static boolean is(ConsumerRecord<String, byte[]> record, String itemId) {
    return itemId.equals(record.key());
  }

  private static List<ParkedWork> of(List<ParkedWork> all, String itemId) {
    return all.stream().filter(each -> each != null && each.getItemId().equals(itemId)).toList();
  }
}
