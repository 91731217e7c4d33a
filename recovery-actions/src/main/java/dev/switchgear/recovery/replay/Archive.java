package dev.switchgear.recovery.replay;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Opens topics to be read again from their beginning, beside the stream. Thread-safe. */
@FunctionalInterface
public interface Archive {

  /** Opens a partition; one that does not exist is empty. */
  Volume open(String topic, int partition);

  /** One partition, read from its beginning. Used by one thread. */
  interface Volume extends AutoCloseable {

    /**
     * Reads on, and stops soon after the given time.
     *
     * @return whether all has been read that was there when this call began, transactions included
     *     that were open then
     */
    boolean read(Duration budget, Consumer<ConsumerRecord<byte[], byte[]>> reader);

    /** Offset of what would be read next. */
    long position();

    @Override
    void close();
  }
}
