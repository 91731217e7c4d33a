package dev.switchgear.console;

import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.SymptomState;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The newest of every symptom, as Kafka has it. Thread-safe. */
final class SymptomReader implements AutoCloseable {

  private static final Duration CAUGHT_UP_WITHIN = Duration.ofSeconds(15);

  /** Those that are felt first, the one that has been for longest at the top. */
  private static final Comparator<SymptomState> FELT_FIRST =
      Comparator.comparing((SymptomState symptom) -> symptom.getUntilMillis() != 0)
          .thenComparing(symptom -> -symptom.getUntilMillis())
          .thenComparing(SymptomState::getSinceMillis)
          .thenComparing(SymptomState::getBreaker);

  private final Map<String, SymptomState> symptoms = new TreeMap<>();
  private final TopicFollower<SymptomState> follower;
  private Consumer<SymptomState> onChange = symptom -> {};
  private boolean changed;

  private SymptomReader(Cluster cluster) {
    Map<String, Object> kafka = cluster.clients();
    kafka.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    this.follower =
        TopicFollower.start(
            Topics.SYMPTOMS, kafka, new Records(SchemaDirectory.onCluster(kafka)), this::received);
  }

  /** Opens it; it knows then whatever was on the topic. */
  static SymptomReader open(Cluster cluster) throws InterruptedException {
    SymptomReader reader = new SymptomReader(cluster);
    if (reader.follower.awaitCaughtUp(CAUGHT_UP_WITHIN)) {
      return reader;
    }
    reader.close();
    throw ConsoleException.failed(
        "Kafka at "
            + cluster.bootstrapServers()
            + " did not give "
            + Topics.SYMPTOMS.name()
            + " within "
            + CAUGHT_UP_WITHIN.toSeconds()
            + " s. Are all its brokers up?",
        null);
  }

  private synchronized void received(
      ConsumerRecord<String, byte[]> record, @Nullable SymptomState symptom) {
    if (symptom == null) {
      symptoms.remove(record.key());
    } else {
      symptoms.put(record.key(), symptom);
      onChange.accept(symptom);
    }
    changed = true;
    notifyAll();
  }

  /**
   * Those that are felt.
   *
   * @param overToo also the last of each kind that is over
   */
  synchronized Collection<SymptomState> symptoms(boolean overToo) {
    return symptoms.values().stream()
        .filter(symptom -> overToo || symptom.getUntilMillis() == 0)
        .sorted(FELT_FIRST)
        .toList();
  }

  /**
   * Tells every change from now on; on the thread that reads, one at a time.
   *
   * @param first is given what is known now, before any change
   */
  synchronized void follow(
      boolean overToo, Consumer<Collection<SymptomState>> first, Consumer<SymptomState> change) {
    first.accept(symptoms(overToo));
    onChange = change;
  }

  /** Waits for a change since the last call, at most that long. */
  synchronized void awaitChange(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    long left = atMost.toMillis();
    while (!changed && left > 0) {
      wait(left);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
    changed = false;
  }

  @Override
  public void close() {
    follower.close();
  }
}
