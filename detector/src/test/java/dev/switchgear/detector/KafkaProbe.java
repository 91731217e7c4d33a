package dev.switchgear.detector;

import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes to topics, and reads them as a consumer that believes only what is committed. */
final class KafkaProbe implements AutoCloseable {

  private static final Duration BOUND = Duration.ofSeconds(60);

  private final Map<String, Object> config;
  private final Records records = Records.builtInOnly();
  private final KafkaProducer<byte[], byte[]> producer;

  KafkaProbe(String bootstrapServers) {
    this.config =
        Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  <V extends SpecificRecord> void put(Topic<V> topic, String key, V value) throws Exception {
    put(topic.name(), key, records.serializer(topic.valueType()).serialize("", value));
  }

  void put(String topic, String key, byte @Nullable [] value) throws Exception {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(topic, keyBytes, value)).get();
  }

  /** Reads a topic from its start until what has been read is enough. */
  <V extends SpecificRecord> List<V> read(Topic<V> topic, Predicate<List<V>> enough) {
    var deserializer = records.deserializer(topic.valueType());
    List<V> values = new ArrayList<>();
    readBytes(
        topic.name(),
        read -> {
          for (int i = values.size(); i < read.size(); i++) {
            values.add(deserializer.deserialize("", read.get(i).value()));
          }
          return enough.test(values);
        });
    return values;
  }

  /** Reads all that a topic holds by now, once whatever was under way has been decided. */
  <V extends SpecificRecord> List<V> readAll(Topic<V> topic) {
    var deserializer = records.deserializer(topic.valueType());
    List<V> values = new ArrayList<>();
    Map<String, Object> any = new HashMap<>(config);
    any.put("isolation.level", "read_uncommitted");
    try (var ends = consumer(any);
        var consumer = consumer(config)) {
      List<TopicPartition> partitions = partitions(consumer, topic.name());
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> end = ends.endOffsets(partitions);
      long deadline = System.nanoTime() + BOUND.toNanos();
      while (partitions.stream()
          .anyMatch(each -> consumer.position(each) < end.getOrDefault(each, 0L))) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("not within " + BOUND + ": the end of " + topic.name());
        }
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          values.add(deserializer.deserialize("", record.value()));
        }
      }
    }
    return values;
  }

  List<ConsumerRecord<byte[], byte[]>> readBytes(
      String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough) {
    List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
    try (var consumer = consumer(config)) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long deadline = System.nanoTime() + BOUND.toNanos();
      while (!enough.test(read)) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError(
              "not within " + BOUND + "; " + topic + " holds " + read.size() + ": " + read);
        }
        consumer.poll(Duration.ofMillis(100)).forEach(read::add);
      }
    }
    return read;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> config) {
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static List<TopicPartition> partitions(
      KafkaConsumer<byte[], byte[]> consumer, String topic) {
    return consumer.partitionsFor(topic).stream()
        .map(each -> new TopicPartition(topic, each.partition()))
        .toList();
  }

  @Override
  public void close() {
    producer.close();
  }
}
