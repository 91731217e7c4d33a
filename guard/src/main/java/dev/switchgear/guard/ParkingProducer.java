package dev.switchgear.guard;

import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes parked work and tells what is certain about it afterwards. Thread-safe.
 *
 * <p>Before a record has been handed to the producer, a failure means that it is not held. After
 * that it means so only for the few errors that a broker gives before it appends anything; a record
 * that timed out may have been appended, its acknowledgement lost.
 */
final class ParkingProducer implements AutoCloseable {

  /** Longer than the producer's own limits together, so that normally it decides. */
  private static final Duration TIMEOUT = Duration.ofSeconds(6);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final String queue;
  private final Map<String, Object> config;
  private @Nullable KafkaProducer<String, byte[]> producer;
  private boolean closed;

  ParkingProducer(String queue, Map<String, Object> config) {
    this.queue = queue;
    this.config = config;
  }

  /**
   * Sends, and waits for the acknowledgement.
   *
   * @param message gives the record for a number of partitions
   */
  void send(IntFunction<ProducerRecord<String, byte[]>> message) throws ParkingException {
    await(handOver(message));
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (producer != null) {
      producer.close(CLOSE_TIMEOUT);
    }
  }

  private Future<RecordMetadata> handOver(IntFunction<ProducerRecord<String, byte[]>> message)
      throws ParkingException {
    try {
      KafkaProducer<String, byte[]> opened = opened();
      int partitions = opened.partitionsFor(Topics.PARKED_WORK.name()).size();
      return opened.send(message.apply(partitions));
    } catch (InterruptException e) {
      throw ParkingException.refused(queue, "the thread was interrupted", e);
    } catch (KafkaException | IllegalStateException e) {
      throw ParkingException.refused(queue, "Kafka cannot be written to", e);
    }
  }

  private void await(Future<RecordMetadata> acknowledgement) throws ParkingException {
    try {
      acknowledgement.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw judged(e.getCause());
    } catch (TimeoutException e) {
      throw ParkingException.unknown(queue, "Kafka has not acknowledged it in " + TIMEOUT, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ParkingException.unknown(queue, "the thread was interrupted", e);
    }
  }

  private ParkingException judged(@Nullable Throwable cause) {
    if (cause instanceof AuthorizationException) {
      reopen();
    }
    boolean certain =
        cause instanceof AuthorizationException
            || cause instanceof BufferExhaustedException
            || cause instanceof InvalidTopicException
            || cause instanceof RecordTooLargeException;
    return certain
        ? ParkingException.refused(queue, "Kafka refused it", cause)
        : ParkingException.unknown(queue, "Kafka has not acknowledged it", cause);
  }

  private synchronized KafkaProducer<String, byte[]> opened() {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    if (producer == null) {
      producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    }
    return producer;
  }

  /** A producer that lacked a right does not notice that it was given it. */
  private synchronized void reopen() {
    if (producer != null) {
      producer.close(Duration.ZERO);
      producer = null;
    }
  }
}
