package dev.switchgear.guard;

import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.HeartbeatPartition;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.QuotaDemand;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer of what a broker may lose a little of. Sending never waits; what fails is told to
 * its {@link Delivery}. Made when first used, because making it fails while the cluster's name does
 * not resolve. One thread uses it.
 */
final class Telemetry {

  private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);

  private static final long RETRY_NANOS = Duration.ofSeconds(2).toNanos();

  private final Supplier<Producer<String, byte[]>> opening;
  private final Serializer<Observation> observations;
  private final Serializer<Heartbeat> heartbeats;
  private final Serializer<QuotaDemand> demands;
  private @Nullable Producer<String, byte[]> producer;
  private @Nullable KafkaException unopened;
  private long triedNanos;

  Telemetry(Map<String, Object> config, Records records) {
    this(() -> kafka(config), records);
  }

  /** Sends by whatever producer is made when it is needed. */
  Telemetry(Supplier<Producer<String, byte[]>> opening, Records records) {
    this.opening = opening;
    this.observations = records.serializer(Observation.class);
    this.heartbeats = records.serializer(Heartbeat.class);
    this.demands = records.serializer(QuotaDemand.class);
  }

  Delivery delivery(Observation observation) {
    String topic = Topics.OBSERVATIONS.name();
    byte[] bytes = observations.serialize(topic, observation);
    return new Delivery(new ProducerRecord<>(topic, observation.getBreaker(), bytes));
  }

  /** Sends a heartbeat; a lost one is not missed, for the next follows. */
  @SuppressWarnings("FutureReturnValueIgnored") // As said.
  void send(Heartbeat heartbeat) {
    String topic = Topics.HEARTBEATS.name();
    String key = heartbeat.getRole() + "/" + heartbeat.getInstance();
    byte[] bytes = heartbeats.serialize(topic, heartbeat);
    try {
      int partitions = opened().partitionsFor(topic).size();
      int partition = HeartbeatPartition.of(heartbeat.getRole(), partitions);
      opened().send(new ProducerRecord<>(topic, partition, key, bytes));
    } catch (KafkaException e) {
      LOG.trace("A heartbeat is lost", e);
    }
  }

  /** Sends what is wanted of a limit; a lost one is not missed, for the next follows. */
  @SuppressWarnings("FutureReturnValueIgnored") // As said.
  void send(QuotaDemand demand) {
    String topic = Topics.QUOTA_DEMAND.name();
    try {
      byte[] bytes = demands.serialize(topic, demand);
      opened().send(new ProducerRecord<>(topic, demand.getLimit(), bytes));
    } catch (KafkaException e) {
      LOG.trace("What was wanted of {} is lost", demand.getLimit(), e);
    }
  }

  /** Sends, or tells the delivery at once why not. */
  @SuppressWarnings("FutureReturnValueIgnored") // The delivery is told.
  void send(Delivery delivery) {
    ProducerRecord<String, byte[]> message = delivery.send();
    try {
      opened().send(message, delivery);
    } catch (KafkaException e) {
      delivery.onCompletion(null, e);
    }
  }

  /** Stops sending; waits that long for what is under way. */
  void close(Duration timeout) {
    if (producer != null) {
      producer.close(timeout);
    }
  }

  private Producer<String, byte[]> opened() {
    if (producer == null) {
      producer = open();
    }
    return producer;
  }

  private Producer<String, byte[]> open() {
    long now = System.nanoTime();
    if (unopened != null && now - triedNanos < RETRY_NANOS) {
      throw unopened;
    }
    triedNanos = now;
    try {
      return opening.get();
    } catch (KafkaException e) {
      unopened = e;
      throw e;
    }
  }

  private static Producer<String, byte[]> kafka(Map<String, Object> config) {
    return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
  }
}
