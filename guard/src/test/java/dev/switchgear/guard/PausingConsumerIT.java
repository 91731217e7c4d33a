package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.Eventually;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A user's consumer of two partitions behind a guard, on a real broker. */
@Timeout(180)
class PausingConsumerIT {

  private static final String BREAKER = "payments/charge";
  private static final String ORDERS = "orders";
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int EACH = 120;

  private static TestKafka kafka;
  private static KafkaProbe probe;

  private final Map<Integer, List<Long>> handled = new HashMap<>();

  @BeforeAll
  static void startKafka() throws Exception {
    kafka = TestKafka.start();
    Map<String, Object> cluster = Map.of("bootstrap.servers", kafka.bootstrapServers());
    TopicProvisioning.provision(cluster, List.of());
    try (Admin admin = Admin.create(cluster)) {
      admin.createTopics(List.of(new NewTopic(ORDERS, 2, (short) 1))).all().get();
    }
    probe = new KafkaProbe(kafka.bootstrapServers());
  }

  @AfterAll
  static void stopKafka() {
    probe.close();
    kafka.close();
  }

  private static KafkaConsumer<String, String> consumer() {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", kafka.bootstrapServers(),
            "group.id", "shop",
            "auto.offset.reset", "earliest",
            "enable.auto.commit", "false",
            "max.poll.records", "50");
    var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    consumer.subscribe(List.of(ORDERS));
    return consumer;
  }

  private static void orders(int from, int to) throws Exception {
    for (int partition = 0; partition < 2; partition++) {
      for (int i = from; i < to; i++) {
        byte[] order = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
        probe.putBytes(ORDERS, partition, "key", order);
      }
    }
  }

  private static void publish(State state, long epoch, int share) throws Exception {
    BreakerState published = States.unbuilt(state, epoch, share).setBreaker(BREAKER).build();
    probe.put(Topics.BREAKER_STATE, BREAKER, published);
  }

  private void handle(ConsumerRecord<String, String> order) {
    handled
        .computeIfAbsent(
            order.partition(), first -> Collections.synchronizedList(new ArrayList<>()))
        .add(order.offset());
  }

  private int all() {
    return handled.values().stream().mapToInt(List::size).sum();
  }

  private void pollUntil(
      PausingConsumer<String, String> orders,
      KafkaConsumer<String, String> consumer,
      BooleanSupplier done) {
    Eventually.holds(
        "polled as wanted",
        () -> {
          poll(orders);
          consumer.commitSync();
          return done.getAsBoolean();
        });
  }

  private int poll(PausingConsumer<String, String> orders) {
    try {
      return orders.poll(POLL, this::handle);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void itIsHeldBackAndComesBackWithTheRamp_withoutLossOrRepetition_overARebalance()
      throws Exception {
    orders(0, EACH);
    try (Switchgear gear =
            Switchgear.builder(kafka.bootstrapServers(), "shop").instance("shop-1").build();
        KafkaConsumer<String, String> consumer = consumer()) {
      assertThat(gear.awaitReady(Eventually.BOUND)).isTrue();
      PausingConsumer<String, String> orders = gear.pausing(consumer, gear.guard(BREAKER));
      pollUntil(orders, consumer, () -> all() == 2 * EACH);

      publish(State.OPEN, 1, 0);
      pollUntil(orders, consumer, orders::isHolding);
      orders(EACH, 2 * EACH);
      rebalance(orders, consumer);
      assertThat(all()).isEqualTo(2 * EACH);

      publish(State.RECOVERING, 2, 1_000);
      pollUntil(orders, consumer, () -> all() > 2 * EACH);
      assertThat(orders.isHolding()).isTrue();

      publish(State.CLOSED, 3, 10_000);
      pollUntil(orders, consumer, () -> all() == 4 * EACH);
      assertThat(orders.isHolding()).isFalse();
      assertCommitted(consumer);
    }
    List<Long> inOrder = LongStream.range(0, 2 * EACH).boxed().toList();
    assertThat(handled).isEqualTo(Map.of(0, inOrder, 1, inOrder));
  }

  /** Another member comes, and goes; whoever holds stays a member and goes on holding. */
  private void rebalance(
      PausingConsumer<String, String> orders, KafkaConsumer<String, String> consumer) {
    try (KafkaConsumer<String, String> other = consumer()) {
      pollUntil(
          orders,
          consumer,
          () -> {
            other.poll(Duration.ofMillis(1));
            other.pause(other.assignment());
            return consumer.assignment().size() == 1 && other.assignment().size() == 1;
          });
    }
    pollUntil(orders, consumer, () -> consumer.assignment().size() == 2);
  }

  private static void assertCommitted(KafkaConsumer<String, String> consumer) {
    for (TopicPartition partition : consumer.assignment()) {
      assertThat(consumer.position(partition)).isEqualTo(2 * EACH);
      Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.of(partition));
      assertThat(committed.values()).allMatch(each -> each.offset() == 2 * EACH);
    }
  }
}
