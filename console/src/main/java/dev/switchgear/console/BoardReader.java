package dev.switchgear.console;

import dev.switchgear.breaker.policy.NearestName;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Every breaker's newest state, as Kafka has it. Thread-safe. */
final class BoardReader implements AutoCloseable {

  private static final Duration CAUGHT_UP_WITHIN = Duration.ofSeconds(15);

  private final Map<String, BreakerState> states = new TreeMap<>();
  private final TopicFollower<BreakerState> follower;
  private Consumer<BreakerState> onChange = state -> {};
  private boolean changed;

  private BoardReader(Cluster cluster) {
    Map<String, Object> kafka = cluster.clients();
    kafka.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    this.follower =
        TopicFollower.start(
            Topics.BREAKER_STATE,
            kafka,
            new Records(SchemaDirectory.onCluster(kafka)),
            this::received);
  }

  /** Opens it; it knows then whatever was on the topic. */
  static BoardReader open(Cluster cluster) throws InterruptedException {
    BoardReader reader = new BoardReader(cluster);
    if (reader.follower.awaitCaughtUp(CAUGHT_UP_WITHIN)) {
      return reader;
    }
    reader.close();
    throw ConsoleException.failed(
        "Kafka at "
            + cluster.bootstrapServers()
            + " did not give "
            + Topics.BREAKER_STATE.name()
            + " within "
            + CAUGHT_UP_WITHIN.toSeconds()
            + " s. Are all its brokers up?",
        null);
  }

  private synchronized void received(
      ConsumerRecord<String, byte[]> record, @Nullable BreakerState state) {
    if (state == null) {
      states.remove(record.key());
    } else {
      states.put(record.key(), state);
      onChange.accept(state);
    }
    changed = true;
    notifyAll();
  }

  /** All of them, by name. */
  synchronized Collection<BreakerState> states() {
    return new ArrayList<>(states.values());
  }

  synchronized @Nullable BreakerState state(String breaker) {
    return states.get(breaker);
  }

  /** What to tell somebody who asked for a breaker that there is not. */
  synchronized String unknown(String breaker) {
    return "No breaker is called "
        + breaker
        + NearestName.of(breaker, states.keySet())
            .map(name -> ". Did you mean " + name + "?")
            .orElse("")
        + "\nAll of them: switchgear breakers";
  }

  /**
   * Tells every change from now on; on the thread that reads, one at a time.
   *
   * @param first is given what is known now, before any change
   */
  synchronized void follow(
      Consumer<Collection<BreakerState>> first, Consumer<BreakerState> change) {
    first.accept(states());
    onChange = change;
  }

  /** Waits for a change since the last call, at most that long. */
  synchronized void awaitChange(Duration atMost) throws InterruptedException {
    await(() -> changed, atMost);
    changed = false;
  }

  /**
   * Waits until a breaker is as wanted.
   *
   * @return its state, null if that took longer than the bound
   */
  synchronized @Nullable BreakerState await(
      String breaker, Predicate<BreakerState> wanted, Duration atMost) throws InterruptedException {
    await(() -> isAs(breaker, wanted), atMost);
    return isAs(breaker, wanted) ? states.get(breaker) : null;
  }

  private synchronized boolean isAs(String breaker, Predicate<BreakerState> wanted) {
    BreakerState state = states.get(breaker);
    return state != null && wanted.test(state);
  }

  private synchronized void await(java.util.function.BooleanSupplier condition, Duration atMost)
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
