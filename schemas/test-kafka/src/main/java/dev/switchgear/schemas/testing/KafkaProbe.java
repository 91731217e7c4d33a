package dev.switchgear.schemas.testing;

import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes to topics, and reads them as a consumer that believes only what is committed. Whoever
 * reads says when it is enough; a read that never gets there fails and tells what it has seen.
 */
public final class KafkaProbe implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final String bootstrapServers;
  private final Records records = Records.builtInOnly();
  private final KafkaProducer<byte[], byte[]> producer;

  public KafkaProbe(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** A value with its key. */
  public record Keyed<V>(String key, V value) {}

  /** Returns once it is written, where the key belongs; null is a tombstone. */
  public <V extends SpecificRecord> void put(Topic<V> topic, String key, @Nullable V value)
      throws ExecutionException, InterruptedException {
    write(topic.name(), null, key, bytes(topic, value));
  }

  /** Returns once it is written. */
  public <V extends SpecificRecord> void put(
      Topic<V> topic, int partition, String key, @Nullable V value)
      throws ExecutionException, InterruptedException {
    write(topic.name(), partition, key, bytes(topic, value));
  }

  /** Writes what may be no record of this topic at all. */
  public void putBytes(String topic, String key, byte @Nullable [] value)
      throws ExecutionException, InterruptedException {
    write(topic, null, key, value);
  }

  /** Writes what may be no record of this topic at all. */
  public void putBytes(String topic, int partition, String key, byte @Nullable [] value)
      throws ExecutionException, InterruptedException {
    write(topic, partition, key, value);
  }

  private <V extends SpecificRecord> byte @Nullable [] bytes(Topic<V> topic, @Nullable V value) {
    return records.serializer(topic.valueType()).serialize("", value);
  }

  private void write(String topic, @Nullable Integer partition, String key, byte @Nullable [] value)
      throws ExecutionException, InterruptedException {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(topic, partition, keyBytes, value)).get();
  }

  /** The values of a topic, from its start until they are enough; tombstones are left out. */
  public <V extends SpecificRecord> List<V> read(Topic<V> topic, Predicate<List<V>> enough) {
    var deserializer = records.deserializer(topic.valueType());
    List<V> read = new ArrayList<>();
    Consumer<ConsumerRecord<String, byte[]>> keep =
        each -> read.add(deserializer.deserialize("", each.value()));
    follow(topic.name(), read, ifNoTombstone(keep), () -> enough.test(read));
    return read;
  }

  /** The values that are wanted, from the topic's start until there are so many. */
  public <V extends SpecificRecord> List<Keyed<V>> read(
      Topic<V> topic, Predicate<V> wanted, int count) {
    var deserializer = records.deserializer(topic.valueType());
    List<Keyed<V>> read = new ArrayList<>();
    Consumer<ConsumerRecord<String, byte[]>> keep =
        each -> {
          V value = deserializer.deserialize("", each.value());
          if (wanted.test(value)) {
            read.add(new Keyed<>(each.key(), value));
          }
        };
    follow(topic.name(), read, ifNoTombstone(keep), () -> read.size() >= count);
    return read;
  }

  /** All values that a topic holds by now, once whatever is under way there has been decided. */
  public <V extends SpecificRecord> List<V> readAll(Topic<V> topic) {
    var deserializer = records.deserializer(topic.valueType());
    List<V> read = new ArrayList<>();
    Map<TopicPartition, Long> ends = ends(topic.name());
    try (KafkaConsumer<String, byte[]> consumer = consumer(topic.name())) {
      long deadline = System.nanoTime() + Eventually.BOUND.toNanos();
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not within " + Eventually.BOUND + "; " + topic + ": " + read);
        }
        for (var each : consumer.poll(POLL)) {
          read.add(deserializer.deserialize("", each.value()));
        }
      }
    }
    return read;
  }

  /** The records of a topic, from its start until they are enough. */
  public List<ConsumerRecord<String, byte[]>> readBytes(
      String topic, Predicate<List<ConsumerRecord<String, byte[]>>> enough) {
    List<ConsumerRecord<String, byte[]>> read = new ArrayList<>();
    follow(topic, read, read::add, () -> enough.test(read));
    return read;
  }

  /** How many records were ever written to a topic without transactions. */
  public long end(String topic) {
    try (KafkaConsumer<String, byte[]> consumer = consumer(topic)) {
      return consumer.endOffsets(consumer.assignment()).values().stream()
          .mapToLong(Long::longValue)
          .sum();
    }
  }

  private static Consumer<ConsumerRecord<String, byte[]>> ifNoTombstone(
      Consumer<ConsumerRecord<String, byte[]>> keep) {
    return each -> {
      if (each.value() != null) {
        keep.accept(each);
      }
    };
  }

  private void follow(
      String topic,
      List<?> read,
      Consumer<ConsumerRecord<String, byte[]>> keep,
      BooleanSupplier enough) {
    try (KafkaConsumer<String, byte[]> consumer = consumer(topic)) {
      long deadline = System.nanoTime() + Eventually.BOUND.toNanos();
      while (!enough.getAsBoolean()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(
              "not within " + Eventually.BOUND + "; " + topic + " holds " + read);
        }
        consumer.poll(POLL).forEach(keep);
      }
    }
  }

  /** What is not decided yet counts as well. */
  private Map<TopicPartition, Long> ends(String topic) {
    try (KafkaConsumer<String, byte[]> consumer = consumer(topic, "read_uncommitted")) {
      return consumer.endOffsets(consumer.assignment());
    }
  }

  private KafkaConsumer<String, byte[]> consumer(String topic) {
    return consumer(topic, "read_committed");
  }

  private KafkaConsumer<String, byte[]> consumer(String topic, String isolation) {
    var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", bootstrapServers, "isolation.level", isolation),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(each -> new TopicPartition(topic, each.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  @Override
  public void close() {
    producer.close();
  }
}
