package dev.switchgear.benchmarks.detector;

import dev.switchgear.benchmarks.broker.BrokerProcess;
import dev.switchgear.schemas.Records;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A topic that was filled before anybody reads it.
 *
 * @param bytes size of all values
 */
record FullTopic(Lane lane, long records, long bytes, BrokerProcess broker) {

  /** Records were made at this rate: what an outage of the detector leaves of a large fleet. */
  private static final long A_SECOND = 100_000;

  static final Duration AT_MOST = Duration.ofMinutes(3);

  /** Fills the lane's topic, evenly for so many breakers. */
  static FullTopic fill(Lane lane, long records, int breakers, BrokerProcess broker) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers", broker.bootstrapServers(), "linger.ms", 20, "batch.size", 262_144);
    long bytes = 0;
    long seconds = records / A_SECOND;
    long began = System.currentTimeMillis() - Duration.ofSeconds(seconds).toMillis();
    String topic = lane.topic().name();
    Serializer<SpecificRecord> serializer = serializer(lane);
    Failures failures = new Failures();
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      for (long number = 0; number < records; number++) {
        Lane.Entry entry = lane.entry(number, breakers, began + number * 1_000 / A_SECOND);
        byte[] value = serializer.serialize(topic, entry.value());
        bytes += value.length;
        var unused = producer.send(new ProducerRecord<>(topic, entry.key(), value), failures::note);
      }
    }
    failures.check();
    return new FullTopic(lane, records, bytes, broker);
  }

  /** What could not be written would be waited for in vain. */
  private static final class Failures {

    private volatile @Nullable Exception last;

    private void note(@Nullable RecordMetadata written, @Nullable Exception failure) {
      if (failure != null) {
        last = failure;
      }
    }

    private void check() {
      if (last != null) {
        throw new IllegalStateException("The topic could not be filled", last);
      }
    }
  }

  @SuppressWarnings("unchecked") // The lane's own records.
  static Serializer<SpecificRecord> serializer(Lane lane) {
    return (Serializer<SpecificRecord>) Records.builtInOnly().serializer(lane.topic().valueType());
  }

  List<TopicPartition> partitions() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (int i = 0; i < lane.topic().partitions(); i++) {
      partitions.add(new TopicPartition(lane.topic().name(), i));
    }
    return partitions;
  }

  /** Waits until a group has committed so many records; says how many it has. */
  long awaitCommitted(long atLeast, Admin admin, String group)
      throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + AT_MOST.toNanos();
    while (System.nanoTime() < deadline) {
      long done = committed(admin, group);
      if (done >= atLeast) {
        return done;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new TimeoutException(group + " has not read " + atLeast + " records after " + AT_MOST);
  }

  private long committed(Admin admin, String group) throws InterruptedException {
    try {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .entrySet()
          .stream()
          .filter(each -> each.getKey().topic().equals(lane.topic().name()))
          .filter(each -> each.getValue() != null)
          .mapToLong(each -> each.getValue().offset())
          .sum();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
