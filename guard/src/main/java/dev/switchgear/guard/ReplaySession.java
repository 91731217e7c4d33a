package dev.switchgear.guard;

import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replays one queue with one consumer: takes work, has it attempted, and commits the outcomes with
 * the progress of the reading. The replay's thread uses it.
 *
 * <p>After a commit that failed nobody knows whether it went through. So the producer is made anew,
 * which ends its transaction one way or the other, and the committed offsets are read: they tell
 * which outcomes are written, because both were in one transaction. The rest are committed again.
 */
final class ReplaySession implements ConsumerRebalanceListener {

  private static final Logger LOG = LoggerFactory.getLogger(ReplaySession.class);
  private static final Duration POLL_IDLE = Duration.ofMillis(200);
  private static final Duration POLL_BUSY = Duration.ofMillis(10);
  private static final Duration REVOKE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration OFFSETS_TIMEOUT = Duration.ofSeconds(5);

  private final Topic<ParkedWork> topic;
  private final Consumer<byte[], byte[]> consumer;
  private final Workbench bench;
  private final OutcomeProducer outcomes;
  private final Deserializer<ParkedWork> deserializer;
  private final Map<TopicPartition, PartitionProgress> progress = new HashMap<>();
  private boolean inDoubt = true;

  ReplaySession(
      Topic<ParkedWork> topic,
      Consumer<byte[], byte[]> consumer,
      Workbench bench,
      OutcomeProducer outcomes,
      Records records) {
    this.topic = topic;
    this.consumer = consumer;
    this.bench = bench;
    this.outcomes = outcomes;
    this.deserializer = records.deserializer(topic.valueType());
  }

  void subscribe() {
    consumer.subscribe(List.of(topic.name()), this);
  }

  /** Takes what has come, starts what can be started, commits what has finished. */
  void step() {
    if (bench.load() >= Replay.IN_FLIGHT) {
      consumer.pause(consumer.assignment());
    } else {
      consumer.resume(consumer.paused());
    }
    consumer.poll(bench.isBusy() ? POLL_BUSY : POLL_IDLE).forEach(this::take);
    bench.advance();
    commit();
  }

  /** Takes nothing more; commits what finishes within the timeout. */
  void finish(Duration timeout) {
    bench.dropWaiting();
    bench.awaitAttempts(progress.keySet(), timeout);
    commit();
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> committed = committed(partitions);
    partitions.forEach(each -> progress.put(each, new PartitionProgress(committed.get(each))));
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    bench.awaitAttempts(partitions, REVOKE_TIMEOUT);
    commit();
    onPartitionsLost(partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    progress.keySet().removeAll(partitions);
    bench.drop(taken -> !isOurs(taken));
  }

  private void take(ConsumerRecord<byte[], byte[]> source) {
    PartitionProgress current =
        progress.get(new TopicPartition(source.topic(), source.partition()));
    if (current != null && current.take(source.offset())) {
      bench.add(taken(source, current));
    }
  }

  private Taken taken(ConsumerRecord<byte[], byte[]> source, PartitionProgress current) {
    try {
      ParkedWork work = deserializer.deserialize(source.topic(), source.value());
      return work != null
          ? Taken.work(source, current, work)
          : Taken.poison(source, current, new SerializationException("No value"));
    } catch (SerializationException e) {
      return Taken.poison(source, current, e);
    }
  }

  private void commit() {
    bench.drop(taken -> !isOurs(taken));
    if (inDoubt && !settle()) {
      return;
    }
    List<Taken> finished = bench.finished();
    if (finished.isEmpty()) {
      return;
    }
    Map<TopicPartition, List<Taken>> byPartition =
        finished.stream().collect(Collectors.groupingBy(Taken::partition));
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    byPartition.forEach((partition, taken) -> offsets.put(partition, after(taken)));
    try {
      outcomes.commit(finished, offsets, consumer.groupMetadata());
      finish(finished);
    } catch (KafkaException | IllegalStateException e) {
      LOG.warn("Cannot tell whether {} outcomes are written; finding out", finished.size(), e);
      inDoubt = true;
    }
  }

  /** Finds out which outcomes are written; false if that cannot be told yet. */
  private boolean settle() {
    try {
      outcomes.reopen();
      Map<TopicPartition, OffsetAndMetadata> committed = committed(progress.keySet());
      finish(
          bench.finished().stream()
              .filter(
                  taken ->
                      PartitionProgress.isFinished(
                          taken.source().offset(), committed.get(taken.partition())))
              .toList());
      inDoubt = false;
    } catch (KafkaException e) {
      LOG.warn("Outcomes cannot be written now; trying again", e);
    }
    return !inDoubt;
  }

  private void finish(List<Taken> written) {
    written.forEach(taken -> taken.progress().finish(List.of(taken.source().offset())));
    bench.committed(written);
  }

  private boolean isOurs(Taken taken) {
    return progress.get(taken.partition()) == taken.progress();
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> partitions) {
    return consumer.committed(Set.copyOf(partitions), OFFSETS_TIMEOUT);
  }

  private static OffsetAndMetadata after(List<Taken> finished) {
    List<Long> offsets = finished.stream().map(taken -> taken.source().offset()).toList();
    return finished.get(0).progress().after(offsets);
  }
}
