package dev.switchgear.ingest.sdk;

import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads topics from their start. */
final class KafkaReader {

  private static final Duration BOUND = Duration.ofSeconds(30);

  private final String bootstrapServers;

  KafkaReader(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  record Keyed<V>(String key, V value) {}

  /** Those that are wanted, as soon as there are so many. */
  <V extends SpecificRecord> List<Keyed<V>> read(Topic<V> topic, Predicate<V> wanted, int count) {
    var deserializer = Records.builtInOnly().deserializer(topic.valueType());
    List<Keyed<V>> read = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer = consumer(topic.name())) {
      long deadline = System.nanoTime() + BOUND.toNanos();
      while (read.size() < count) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not within " + BOUND + "; " + topic.name() + ": " + read);
        }
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          V value = deserializer.deserialize(topic.name(), record.value());
          if (wanted.test(value)) {
            read.add(new Keyed<>(record.key(), value));
          }
        }
      }
    }
    return read;
  }

  /** How many records were ever written to a topic. */
  long end(String topic) {
    try (KafkaConsumer<String, byte[]> consumer = consumer(topic)) {
      return consumer.endOffsets(consumer.assignment()).values().stream()
          .mapToLong(Long::longValue)
          .sum();
    }
  }

  private KafkaConsumer<String, byte[]> consumer(String topic) {
    var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrapServers),
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
}
