package dev.switchgear.console;

import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.TopicFollower;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The newest record of every key of a compacted topic, as Kafka has it. Thread-safe. */
final class NewestRecords<V extends SpecificRecord> implements AutoCloseable {

  private static final Duration CAUGHT_UP_WITHIN = Duration.ofSeconds(15);

  private final Map<String, V> newest = new TreeMap<>();
  private final TopicFollower<V> follower;
  private Consumer<V> onChange = value -> {};
  private Consumer<String> onEnd = key -> {};
  private boolean changed;

  private NewestRecords(Cluster cluster, Topic<V> topic) {
    Map<String, Object> kafka = cluster.clients();
    kafka.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    this.follower =
        TopicFollower.start(
            topic, kafka, new Records(SchemaDirectory.onCluster(kafka)), this::received);
  }

  /** Opens a topic; whatever was on it is known then. */
  static <V extends SpecificRecord> NewestRecords<V> open(Cluster cluster, Topic<V> topic)
      throws InterruptedException {
    NewestRecords<V> records = new NewestRecords<>(cluster, topic);
    if (records.follower.awaitCaughtUp(CAUGHT_UP_WITHIN)) {
      return records;
    }
    records.close();
    throw ConsoleException.failed(
        "Kafka at "
            + cluster.bootstrapServers()
            + " did not give "
            + topic.name()
            + " within "
            + CAUGHT_UP_WITHIN.toSeconds()
            + " s. Are all its brokers up?",
        null);
  }

  private synchronized void received(ConsumerRecord<String, byte[]> record, @Nullable V value) {
    if (value == null) {
      ended(record.key());
    } else {
      newest.put(record.key(), value);
      onChange.accept(value);
    }
    changed = true;
    notifyAll();
  }

  private void ended(String key) {
    if (newest.remove(key) != null) {
      onEnd.accept(key);
    }
  }

  /** All of them, by key; a copy. */
  synchronized List<V> all() {
    return List.copyOf(newest.values());
  }

  synchronized @Nullable V of(String key) {
    return newest.get(key);
  }

  /** A copy. */
  synchronized Set<String> keys() {
    return Set.copyOf(newest.keySet());
  }

  /**
   * Tells every change from now on; on the thread that reads, one at a time.
   *
   * @param first is given what is known now, before any change
   * @param change is given each record that is new or has changed
   * @param end is given each key that has no record any more
   */
  synchronized void follow(Consumer<List<V>> first, Consumer<V> change, Consumer<String> end) {
    first.accept(all());
    onChange = change;
    onEnd = end;
  }

  /** Waits for a change since the last call, at most that long. */
  synchronized void awaitChange(Duration atMost) throws InterruptedException {
    await(() -> changed, atMost);
    changed = false;
  }

  /**
   * Waits until one is as wanted.
   *
   * @return it, null if that took longer than the bound
   */
  synchronized @Nullable V await(String key, Predicate<V> wanted, Duration atMost)
      throws InterruptedException {
    await(() -> isAs(key, wanted), atMost);
    return isAs(key, wanted) ? newest.get(key) : null;
  }

  private synchronized boolean isAs(String key, Predicate<V> wanted) {
    V value = newest.get(key);
    return value != null && wanted.test(value);
  }

  private synchronized void await(BooleanSupplier condition, Duration atMost)
      throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    long left = atMost.toMillis();
    while (!condition.getAsBoolean() && left > 0) {
      wait(left);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
  }

  @Override
  public void close() {
    follower.close();
  }
}
