package dev.switchgear.ingest.outlet;

import dev.switchgear.schemas.HeartbeatPartition;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * The sending thread's producer. It is made when first needed, because making it fails while the
 * cluster's name does not resolve. Handing over a record may wait for Kafka; when that was in vain,
 * the next records are refused for a second instead of waiting again for each. One thread uses it.
 */
final class Courier {

  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration REOPEN = Duration.ofSeconds(2);
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final Plan plan;
  private final String clientId;
  private final Deadline pause = new Deadline();
  private final Deadline reopening = new Deadline();
  private @Nullable Producer<String, byte[]> producer;

  Courier(Plan plan, String clientId) {
    this.plan = plan;
    this.clientId = clientId;
  }

  /**
   * Hands a record to Kafka.
   *
   * @param told called once, by any thread, with the failure or with null once Kafka has it
   */
  @SuppressWarnings("FutureReturnValueIgnored") // The callback is told.
  void hand(Parcel parcel, Consumer<@Nullable Exception> told) {
    if (!pause.isOver()) {
      told.accept(new TimeoutException("Kafka did not answer a moment ago"));
      return;
    }
    Thread mine = Thread.currentThread();
    try {
      Producer<String, byte[]> open = opened();
      open.send(addressed(parcel, open), (metadata, failure) -> settle(failure, mine, told));
    } catch (RuntimeException e) {
      told.accept(e);
    }
  }

  /** Heartbeats have a partition by role; everything else has one by key. */
  private ProducerRecord<String, byte[]> addressed(Parcel parcel, Producer<String, byte[]> open) {
    ProducerRecord<String, byte[]> message = parcel.message();
    if (!message.topic().equals(Topics.HEARTBEATS.name())) {
      return message;
    }
    int partitions = open.partitionsFor(message.topic()).size();
    int partition = HeartbeatPartition.of(plan.role(), partitions);
    return new ProducerRecord<>(message.topic(), partition, message.key(), message.value());
  }

  /** Waits at most two seconds for what was handed over. */
  void close() {
    if (producer != null) {
      producer.close(CLOSE);
    }
  }

  /** A failure that is told to the sending thread itself is one of handing over. */
  private void settle(
      @Nullable Exception failure, Thread sending, Consumer<@Nullable Exception> told) {
    if (failure instanceof TimeoutException && Thread.currentThread() == sending) {
      pause.in(PAUSE);
    }
    told.accept(failure);
  }

  private Producer<String, byte[]> opened() {
    if (producer == null) {
      producer = open();
    }
    return producer;
  }

  private Producer<String, byte[]> open() {
    if (!reopening.isOver()) {
      throw new KafkaException("No Kafka producer: it could not be made a moment ago");
    }
    reopening.in(REOPEN);
    return new KafkaProducer<>(
        plan.producer(clientId), new StringSerializer(), new ByteArraySerializer());
  }
}
