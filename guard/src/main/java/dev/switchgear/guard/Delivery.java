package dev.switchgear.guard;

import java.time.Duration;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * A telemetry record on its way to Kafka. After a failure nobody knows whether it arrived, so it is
 * sent again as it is: an observation's sequence number tells the reader that it is the same one.
 */
final class Delivery implements Callback {

  private static final long LATE_NANOS = Duration.ofSeconds(5).toNanos();

  private enum Progress {
    WAITING,
    SENT,
    ACKNOWLEDGED
  }

  private final ProducerRecord<String, byte[]> message;
  private final long madeNanos = System.nanoTime();
  private volatile Progress progress = Progress.WAITING;
  private volatile @Nullable Exception failure;

  Delivery(ProducerRecord<String, byte[]> message) {
    this.message = message;
  }

  /** What to send now; the outcome is to be told through {@link #onCompletion}. */
  ProducerRecord<String, byte[]> send() {
    progress = Progress.SENT;
    return message;
  }

  boolean isWaiting() {
    return progress == Progress.WAITING;
  }

  boolean isAcknowledged() {
    return progress == Progress.ACKNOWLEDGED;
  }

  /** Why this has not arrived for seconds; null if it has, or still has time. */
  @Nullable Exception lateBecause() {
    return System.nanoTime() - madeNanos > LATE_NANOS ? failure : null;
  }

  @Override
  public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
    failure = exception;
    progress = exception == null ? Progress.ACKNOWLEDGED : Progress.WAITING;
  }
}
