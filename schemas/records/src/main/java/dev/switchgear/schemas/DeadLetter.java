package dev.switchgear.schemas;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record that could not be used: the bytes as they came, and in headers where they came from and
 * why they could not be used.
 *
 * @param topic where it was read
 * @param headers as they came
 * @param cause why it could not be used
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes are passed on, never compared.
public record DeadLetter(
    String topic,
    int partition,
    long offset,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers,
    Throwable cause) {

  /** Header: the error and its causes, outermost first. */
  public static final String ERROR = "switchgear.error";

  /** Header: the topic it was read from. */
  public static final String TOPIC = "switchgear.topic";

  /** Header: the partition it was read from, as text. */
  public static final String PARTITION = "switchgear.partition";

  /** Header: its offset there, as text. */
  public static final String OFFSET = "switchgear.offset";

  /** Some messages quote the whole record; what is wrong with it stands at the beginning. */
  private static final int LONGEST_ERROR = 2_000;

  private static final int DEEPEST_CAUSE = 5;

  /** The letter for a record as a consumer got it. */
  public static DeadLetter of(ConsumerRecord<byte[], byte[]> source, Throwable cause) {
    return new DeadLetter(
        source.topic(),
        source.partition(),
        source.offset(),
        source.key(),
        source.value(),
        source.headers(),
        cause);
  }

  /** To be sent to {@link Topics#DEAD_LETTERS}. */
  public ProducerRecord<byte[], byte[]> toRecord() {
    Headers all = new RecordHeaders(headers);
    put(all, ERROR, error());
    put(all, TOPIC, topic);
    put(all, PARTITION, Integer.toString(partition));
    put(all, OFFSET, Long.toString(offset));
    return new ProducerRecord<>(Topics.DEAD_LETTERS, null, key, value, all);
  }

  /** The error and its causes, outermost first. */
  public String error() {
    StringBuilder error = new StringBuilder();
    Throwable each = cause;
    for (int depth = 0; each != null && depth < DEEPEST_CAUSE; depth++) {
      error.append(depth == 0 ? "" : "; caused by ").append(each);
      each = each.getCause();
    }
    return error.substring(0, Math.min(error.length(), LONGEST_ERROR));
  }

  /** One line for the log. */
  @Override
  public String toString() {
    return topic + "-" + partition + "@" + offset + " goes to dead letters: " + error();
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
