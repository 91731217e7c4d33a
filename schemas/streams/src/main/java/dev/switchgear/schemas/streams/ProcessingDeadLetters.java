package dev.switchgear.schemas.streams;

import dev.switchgear.schemas.DeadLetter;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records that cannot be processed to dead letters, and goes on. What is not the record's
 * fault stops the thread, so that nothing of it is committed: Kafka's own errors, a broken
 * invariant ({@link IllegalStateException}), and whatever a timer throws. Thread-safe.
 */
public final class ProcessingDeadLetters implements ProcessingExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessingDeadLetters.class);

  @Override
  public Response handleError(
      ErrorHandlerContext context, @Nullable Record<?, ?> record, Exception cause) {
    if (!isOfTheRecord(context, cause)) {
      LOG.error("{} failed at {}", context.processorNodeId(), place(context), cause);
      return Response.fail();
    }
    DeadLetter letter =
        new DeadLetter(
            context.topic(),
            context.partition(),
            context.offset(),
            context.sourceRawKey(),
            context.sourceRawValue(),
            context.headers(),
            cause);
    if (cause instanceof BadRecordException) {
      LOG.warn("{}", letter);
    } else {
      LOG.error("{}", letter, cause);
    }
    return Response.resume(List.of(letter.toRecord()));
  }

  @Override
  public void configure(Map<String, ?> configs) {}

  /** A timer has no record; its context says so by having no topic. */
  private static boolean isOfTheRecord(ErrorHandlerContext context, Exception cause) {
    @Nullable String topic = context.topic();
    return topic != null
        && !(cause instanceof KafkaException)
        && !(cause instanceof IllegalStateException);
  }

  private static String place(ErrorHandlerContext context) {
    return context.topic() + "-" + context.partition() + "@" + context.offset();
  }
}
