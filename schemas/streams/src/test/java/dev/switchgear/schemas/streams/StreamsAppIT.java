package dev.switchgear.schemas.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.switchgear.schemas.DeadLetter;
import dev.switchgear.schemas.KafkaUnreachableException;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.IntegerDeserializer;
import org.apache.kafka.common.serialization.IntegerSerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A small topology on a real broker: it divides 100 by what it reads. */
@Timeout(120)
class StreamsAppIT {

  private static final Duration BOUND = Duration.ofSeconds(60);

  /** Any topics with one partition do. */
  private static final String IN = Topics.POLICIES.name();

  private static final String OUT = Topics.QUEUE_STATE.name();

  private static final AtomicBoolean INVARIANT_BROKEN = new AtomicBoolean();

  private static TestKafka kafka = TestKafka.start();

  @TempDir private Path directory = Path.of("");

  @BeforeAll
  static void createTopics() {
    TopicProvisioning.provision(Map.of("bootstrap.servers", kafka.bootstrapServers()), List.of());
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void badRecordsGoToDeadLettersWithTheirCause_andABrokenInvariantLosesNothing() throws Exception {
    INVARIANT_BROKEN.set(true);
    try (StreamsApp app = StreamsApp.start(division(), settings(kafka.bootstrapServers()))) {
      assertThat(app.awaitRunning(BOUND)).isTrue();
      send(number(10));
      send("three".getBytes(StandardCharsets.UTF_8));
      send(number(0));
      send(number(-1));
      send(number(13));
      send(number(4));

      assertThat(values(OUT, 3)).containsExactly(number(10), number(7), number(25));
      List<ConsumerRecord<String, byte[]>> letters = read(Topics.DEAD_LETTERS, 3);
      assertThat(letters)
          .extracting(ConsumerRecord::value)
          .containsExactly("three".getBytes(StandardCharsets.UTF_8), number(0), number(-1));
      assertThat(letters)
          .extracting(letter -> header(letter, DeadLetter.ERROR))
          .satisfiesExactly(
              first -> assertThat(first).contains("SerializationException"),
              second -> assertThat(second).contains("ArithmeticException: / by zero"),
              third -> assertThat(third).contains("BadRecordException: -1 (expected: at least 0)"));
      assertThat(letters)
          .extracting(letter -> header(letter, DeadLetter.TOPIC), letter -> letter.key())
          .containsOnly(tuple(IN, "k"));
      assertThat(letters)
          .extracting(letter -> header(letter, DeadLetter.OFFSET))
          .containsExactly("1", "2", "3");
      assertThat(app.awaitRunning(BOUND)).isTrue();
    }
  }

  @Test
  void aDeadInstanceIsMissedAsSoonAsBrokersAllow_butNotAtOnce() {
    Map<String, Object> clients = Map.of("bootstrap.servers", kafka.bootstrapServers());
    assertThat(SessionTimeout.on(clients)).isEqualTo(SessionTimeout.WANTED);
  }

  @Test
  void anUnreachableKafkaIsToldAtOnce() {
    StreamsSettings nowhere =
        new StreamsSettings(
            "127.0.0.1:1",
            "division",
            directory,
            1,
            Map.of("default.api.timeout.ms", "3000", "request.timeout.ms", "1000"));

    assertThatThrownBy(() -> StreamsApp.start(division(), nowhere))
        .isInstanceOf(KafkaUnreachableException.class)
        .hasMessageContaining("127.0.0.1:1");
  }

  @Test
  void aClosedAppIsNotRunning_andSaysSoWithoutWaiting() throws Exception {
    StreamsApp app = StreamsApp.start(division(), settings(kafka.bootstrapServers()));
    app.close();

    assertThat(app.awaitRunning(BOUND)).isFalse();
    assertThat(app.awaitRunning(Duration.ZERO)).isFalse();
  }

  private StreamsSettings settings(String bootstrapServers) {
    return new StreamsSettings(bootstrapServers, "division", directory, 1, Map.of());
  }

  private static Topology division() {
    return new Topology()
        .addSource("numbers", new StringDeserializer(), new IntegerDeserializer(), IN)
        .addProcessor("divide", Division::new, "numbers")
        .addSink("quotients", OUT, new StringSerializer(), new IntegerSerializer(), "divide");
  }

  private static final class Division
      extends ContextualProcessor<String, Integer, String, Integer> {

    @Override
    public void process(Record<String, Integer> record) {
      int divisor = record.value();
      if (divisor < 0) {
        throw new BadRecordException(divisor + " (expected: at least 0)");
      }
      if (divisor == 13 && INVARIANT_BROKEN.getAndSet(false)) {
        throw new IllegalStateException("broken once");
      }
      context().forward(record.withValue(100 / divisor));
    }
  }

  private static void send(byte[] value) throws InterruptedException, ExecutionException {
    Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(IN, "k", value)).get();
    }
  }

  private static byte[] number(int value) {
    return new IntegerSerializer().serialize(IN, value);
  }

  private static List<byte[]> values(String topic, int count) {
    return read(topic, count).stream().map(ConsumerRecord::value).toList();
  }

  private static List<ConsumerRecord<String, byte[]>> read(String topic, int count) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
    List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partitions = List.of(new TopicPartition(topic, 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long deadline = System.nanoTime() + BOUND.toNanos();
      while (found.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(found::add);
      }
    }
    return found;
  }

  private static String header(ConsumerRecord<String, byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
