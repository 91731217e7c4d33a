package dev.switchgear.console;

import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topic;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A plain producer of records. */
final class Publisher implements AutoCloseable {

  private final KafkaProducer<String, byte[]> producer;

  Publisher(String bootstrapServers) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all"),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /** Writes one record, to the partition of its key. */
  <V extends SpecificRecord> void publish(Topic<V> topic, String key, V value) {
    publish(topic, null, key, value);
  }

  /** Writes one record and waits until Kafka has it. */
  <V extends SpecificRecord> void publish(
      Topic<V> topic, @Nullable Integer partition, String key, V value) {
    byte[] bytes =
        Records.builtInOnly().serializer(topic.valueType()).serialize(topic.name(), value);
    try {
      producer.send(new ProducerRecord<>(topic.name(), partition, key, bytes)).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("Could not write to " + topic.name(), e);
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
