package dev.switchgear.schemas.streams;

import dev.switchgear.schemas.DeadLetter;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends records that do not decode to dead letters, and goes on. Thread-safe. */
public final class DeserializationDeadLetters implements DeserializationExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(DeserializationDeadLetters.class);

  @Override
  public Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception cause) {
    DeadLetter letter = DeadLetter.of(record, cause);
    LOG.warn("{}", letter);
    return Response.resume(List.of(letter.toRecord()));
  }

  @Override
  public void configure(Map<String, ?> configs) {}
}
