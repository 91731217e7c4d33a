package dev.switchgear.detector;

import dev.switchgear.schemas.DeadLetter;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the records of a bundle read one by one. What is wrong with one of them is its own: it goes
 * to dead letters as it would have alone, by the rules of {@link
 * dev.switchgear.schemas.streams.ProcessingDeadLetters}, and the next is read. One thread uses it.
 */
final class Unbundling {

  private static final Logger LOG = LoggerFactory.getLogger(Unbundling.class);

  private final ProcessorContext<Object, Object> context;
  private final String deadLetters;

  /**
   * Reads on behalf of a processor.
   *
   * @param deadLetters the processor's sink for them
   */
  Unbundling(ProcessorContext<Object, Object> context, String deadLetters) {
    this.context = context;
    this.deadLetters = deadLetters;
  }

  /** Reads one record. */
  @FunctionalInterface
  interface Reader {
    void read(ConsumerRecord<byte[], byte[]> record);
  }

  void each(Bundle bundle, Reader reader) {
    for (ConsumerRecord<byte[], byte[]> record : bundle.records()) {
      try {
        reader.read(record);
      } catch (RuntimeException e) {
        refuse(record, e);
      }
    }
  }

  private void refuse(ConsumerRecord<byte[], byte[]> record, RuntimeException cause) {
    boolean undecodable = cause instanceof SerializationException;
    if (!undecodable
        && (cause instanceof KafkaException || cause instanceof IllegalStateException)) {
      throw cause;
    }
    DeadLetter letter = DeadLetter.of(record, cause);
    LOG.warn("{}", letter);
    ProducerRecord<byte[], byte[]> sent = letter.toRecord();
    long now = context.currentSystemTimeMs();
    context.forward(new Record<>(sent.key(), sent.value(), now, sent.headers()), deadLetters);
  }
}
