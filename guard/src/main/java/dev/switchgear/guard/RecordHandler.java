package dev.switchgear.guard;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Does what one record asks for, by calling what the guard guards. */
@FunctionalInterface
public interface RecordHandler<K, V> {

  /**
   * Handles it.
   *
   * @throws Exception if it is not done. It counts as a failed call, goes on to whoever polls, and
   *     the record comes again with the next poll
   */
  void handle(ConsumerRecord<K, V> order) throws Exception;
}
