package dev.switchgear.console.backtest;

import dev.switchgear.breaker.policy.NearestName;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads observations, spans or metrics from Kafka, those written between two moments. */
public final class TopicHistory {

  private static final Duration POLL = Duration.ofMillis(200);

  /** A cluster that gives nothing for so long will not. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final List<String> NAMES =
      List.of(Topics.OBSERVATIONS.name(), Topics.SPANS.name(), Topics.METRICS.name());

  private TopicHistory() {}

  /** Whether a text names a topic rather than a file. */
  public static boolean isTopic(String input) {
    return input.startsWith("switchgear.");
  }

  /**
   * Refuses a name that no history is read from, before anything is asked of Kafka.
   *
   * @throws HistoryException with the nearest name
   */
  public static void check(String topic) {
    if (NAMES.contains(topic)) {
      return;
    }
    String near =
        NearestName.of(topic, NAMES).map(name -> "did you mean " + name + "? ").orElse("");
    String expected = "expected: a file, or one of " + String.join(", ", NAMES);
    throw new HistoryException("--input: " + topic + " (" + near + expected + ")", null);
  }

  /**
   * Reads a topic to where it ends now.
   *
   * @throws HistoryException if there is no such history, or nothing of that time
   */
  public static History read(String topic, Map<String, Object> clients, Instant from, Instant to) {
    Observations history = new Observations();
    Records records = new Records(SchemaDirectory.onCluster(clients));
    read(topic, clients, from, to, taker(topic, records, history));
    if (history.complete().isEmpty()) {
      throw new HistoryException(topic + ": holds no call between " + from + " and " + to, null);
    }
    return history;
  }

  private static Consumer<ConsumerRecord<String, byte[]>> taker(
      String topic, Records records, Observations history) {
    check(topic);
    if (topic.equals(Topics.OBSERVATIONS.name())) {
      Deserializer<Observation> values = records.deserializer(Observation.class);
      return record -> history.add(record.key(), values.deserialize(topic, record.value()));
    }
    if (topic.equals(Topics.SPANS.name())) {
      Deserializer<Span> values = records.deserializer(Span.class);
      return record -> history.add(values.deserialize(topic, record.value()));
    }
    Deserializer<MetricPoint> values = records.deserializer(MetricPoint.class);
    return record -> history.add(values.deserialize(topic, record.value()));
  }

  private static void read(
      String topic,
      Map<String, Object> clients,
      Instant from,
      Instant to,
      Consumer<ConsumerRecord<String, byte[]>> taker) {
    Map<String, Object> config = new HashMap<>(clients);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      Map<TopicPartition, Long> ends = start(topic, consumer, from);
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (!done(consumer, ends)) {
        var polled = consumer.poll(POLL);
        for (ConsumerRecord<String, byte[]> record : polled) {
          if (record.timestamp() < to.toEpochMilli() && record.value() != null) {
            take(record, taker);
          }
        }
        if (!polled.isEmpty()) {
          deadline = System.nanoTime() + PATIENCE.toNanos();
        } else if (System.nanoTime() > deadline) {
          throw new HistoryException(
              topic + ": nothing more came for " + PATIENCE.toSeconds() + " s", null);
        }
      }
    }
  }

  private static void take(
      ConsumerRecord<String, byte[]> record, Consumer<ConsumerRecord<String, byte[]>> taker) {
    try {
      taker.accept(record);
    } catch (SerializationException e) {
      throw new HistoryException(
          record.topic() + "-" + record.partition() + "@" + record.offset() + ": " + e.getMessage(),
          e);
    }
  }

  /** Goes to the first record of the time; returns where each partition ends. */
  private static Map<TopicPartition, Long> start(
      String topic, KafkaConsumer<String, byte[]> consumer, Instant from) {
    List<TopicPartition> partitions = new ArrayList<>();
    consumer
        .partitionsFor(topic)
        .forEach(each -> partitions.add(new TopicPartition(topic, each.partition())));
    consumer.assign(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<TopicPartition, Long> moments = new HashMap<>();
    partitions.forEach(each -> moments.put(each, Math.max(0, from.toEpochMilli())));
    Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(moments);
    for (TopicPartition each : partitions) {
      OffsetAndTimestamp start = starts.get(each);
      consumer.seek(each, start == null ? ends.getOrDefault(each, 0L) : start.offset());
    }
    return ends;
  }

  private static boolean done(
      KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }
}
