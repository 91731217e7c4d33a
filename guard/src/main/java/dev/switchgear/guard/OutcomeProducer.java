package dev.switchgear.guard;

import static java.util.Objects.requireNonNull;

import dev.switchgear.schemas.DeadLetter;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.WorkOutcome;
import dev.switchgear.schemas.WorkPartition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes outcomes, and what was no work, together with the progress of the reading: all or nothing.
 */
final class OutcomeProducer {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final Map<String, Object> config;
  private final Serializer<WorkOutcome> serializer;
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  OutcomeProducer(Map<String, Object> config, Records records) {
    this.config = config;
    this.serializer = records.serializer(WorkOutcome.class);
  }

  /** Ends whatever transaction is open, and starts afresh. */
  void reopen() {
    close();
    var opened = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    producer = opened;
    opened.initTransactions();
  }

  /** Commits in one transaction; after an exception nobody knows whether it did. */
  @SuppressWarnings("FutureReturnValueIgnored") // Committing tells what sending could not.
  void commit(
      List<Taken> finished,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      ConsumerGroupMetadata group) {
    KafkaProducer<byte[], byte[]> opened = producer;
    if (opened == null) {
      throw new IllegalStateException("not open");
    }
    int partitions = opened.partitionsFor(Topics.WORK_OUTCOMES.name()).size();
    opened.beginTransaction();
    for (Taken taken : finished) {
      opened.send(message(taken, partitions));
    }
    opened.sendOffsetsToTransaction(offsets, group);
    opened.commitTransaction();
  }

  void close() {
    if (producer != null) {
      producer.close(CLOSE_TIMEOUT);
      producer = null;
    }
  }

  private ProducerRecord<byte[], byte[]> message(Taken taken, int partitions) {
    SerializationException poison = taken.poison();
    if (poison != null) {
      return DeadLetter.of(taken.source(), poison).toRecord();
    }
    WorkOutcome outcome = requireNonNull(taken.outcome(), "outcome");
    String topic = Topics.WORK_OUTCOMES.name();
    int partition = WorkPartition.of(outcome.getQueue(), outcome.getWorkKey(), partitions);
    byte[] key = outcome.getItemId().getBytes(StandardCharsets.UTF_8);
    return new ProducerRecord<>(topic, partition, key, serializer.serialize(topic, outcome));
  }
}
