package dev.switchgear.schemas.streams;

import dev.switchgear.schemas.DeadLetter;
import dev.switchgear.schemas.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For what cannot be written because of the record itself, sends the record that led to it to dead
 * letters, and goes on. Whatever else Kafka refuses stops the thread, which then does the same work
 * again. Thread-safe.
 */
public final class ProductionDeadLetters implements ProductionExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ProductionDeadLetters.class);

  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception cause) {
    boolean tooLarge = cause instanceof RecordTooLargeException;
    return tooLarge && !record.topic().equals(Topics.DEAD_LETTERS)
        ? resume(context, record.topic(), cause)
        : Response.fail();
  }

  @Override
  @SuppressWarnings("rawtypes") // As in the method that it overrides.
  public Response handleSerializationError(
      ErrorHandlerContext context,
      ProducerRecord record,
      Exception cause,
      SerializationExceptionOrigin origin) {
    return resume(context, record.topic(), cause);
  }

  @Override
  public void configure(Map<String, ?> configs) {}

  private static Response resume(ErrorHandlerContext context, String topic, Exception cause) {
    DeadLetter letter =
        new DeadLetter(
            String.valueOf(context.topic()),
            context.partition(),
            context.offset(),
            context.sourceRawKey(),
            context.sourceRawValue(),
            context.headers(),
            new BadRecordException("What followed from it can't be written to " + topic, cause));
    LOG.error("{}", letter, cause);
    return Response.resume(List.of(letter.toRecord()));
  }
}
