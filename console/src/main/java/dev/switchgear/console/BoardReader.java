package dev.switchgear.console;

import dev.switchgear.breaker.policy.NearestName;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Every breaker's newest state, as Kafka has it. Thread-safe. */
final class BoardReader implements AutoCloseable {

  private final NewestRecords<BreakerState> records;

  private BoardReader(NewestRecords<BreakerState> records) {
    this.records = records;
  }

  /** Opens it; it knows then whatever was on the topic. */
  static BoardReader open(Cluster cluster) throws InterruptedException {
    return new BoardReader(NewestRecords.open(cluster, Topics.BREAKER_STATE));
  }

  /** All of them, by name. */
  Collection<BreakerState> states() {
    return records.all();
  }

  @Nullable BreakerState state(String breaker) {
    return records.of(breaker);
  }

  /** What to tell somebody who asked for a breaker that there is not. */
  String unknown(String breaker) {
    return "No breaker is called "
        + breaker
        + NearestName.of(breaker, records.keys())
            .map(name -> ". Did you mean " + name + "?")
            .orElse("")
        + "\nAll of them: switchgear breakers";
  }

  /**
   * Waits until a breaker is as wanted.
   *
   * @return its state, null if that took longer than the bound
   */
  @Nullable BreakerState await(String breaker, Predicate<BreakerState> wanted, Duration atMost)
      throws InterruptedException {
    return records.await(breaker, wanted, atMost);
  }

  @Override
  public void close() {
    records.close();
  }
}
