package dev.switchgear.guard;

import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.WorkOutcome;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * One record taken from the replay topic: work and later its outcome, or what was no work.
 *
 * <p>Belongs to the replay's thread; a handler's thread sets the outcome before it gives it back.
 */
final class Taken {

  private final ConsumerRecord<byte[], byte[]> source;
  private final PartitionProgress progress;
  private final @Nullable ParkedWork work;
  private final @Nullable SerializationException poison;
  private @Nullable WorkOutcome outcome;
  private @Nullable Future<?> attempt;

  private Taken(
      ConsumerRecord<byte[], byte[]> source,
      PartitionProgress progress,
      @Nullable ParkedWork work,
      @Nullable SerializationException poison) {
    this.source = source;
    this.progress = progress;
    this.work = work;
    this.poison = poison;
  }

  static Taken work(
      ConsumerRecord<byte[], byte[]> source, PartitionProgress progress, ParkedWork work) {
    return new Taken(source, progress, work, null);
  }

  static Taken poison(
      ConsumerRecord<byte[], byte[]> source,
      PartitionProgress progress,
      SerializationException poison) {
    return new Taken(source, progress, null, poison);
  }

  ConsumerRecord<byte[], byte[]> source() {
    return source;
  }

  TopicPartition partition() {
    return new TopicPartition(source.topic(), source.partition());
  }

  PartitionProgress progress() {
    return progress;
  }

  @Nullable ParkedWork work() {
    return work;
  }

  @Nullable SerializationException poison() {
    return poison;
  }

  @Nullable WorkOutcome outcome() {
    return outcome;
  }

  void outcome(WorkOutcome outcome) {
    this.outcome = outcome;
  }

  void attempt(Future<?> attempt) {
    this.attempt = attempt;
  }

  void interrupt() {
    if (attempt != null) {
      attempt.cancel(true);
    }
  }
}
