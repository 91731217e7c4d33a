package dev.switchgear.console;

import dev.switchgear.schemas.SymptomState;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** The newest of every symptom, as Kafka has it. Thread-safe. */
final class SymptomReader implements AutoCloseable {

  /** Those that are felt first, the one that has been for longest at the top. */
  private static final Comparator<SymptomState> FELT_FIRST =
      Comparator.comparing((SymptomState symptom) -> symptom.getUntilMillis() != 0)
          .thenComparing(symptom -> -symptom.getUntilMillis())
          .thenComparing(SymptomState::getSinceMillis)
          .thenComparing(SymptomState::getBreaker);

  private final NewestRecords<SymptomState> records;

  private SymptomReader(NewestRecords<SymptomState> records) {
    this.records = records;
  }

  /** Opens it; it knows then whatever was on the topic. */
  static SymptomReader open(Cluster cluster) throws InterruptedException {
    return new SymptomReader(NewestRecords.open(cluster, Topics.SYMPTOMS));
  }

  /**
   * Those that are felt.
   *
   * @param overToo also the last of each kind that is over
   */
  Collection<SymptomState> symptoms(boolean overToo) {
    return shown(records.all(), overToo);
  }

  /**
   * Tells every change from now on; on the thread that reads, one at a time.
   *
   * @param first is given what is known now, before any change
   */
  void follow(
      boolean overToo, Consumer<Collection<SymptomState>> first, Consumer<SymptomState> change) {
    records.follow(all -> first.accept(shown(all, overToo)), change);
  }

  /** Waits for a change since the last call, at most that long. */
  void awaitChange(Duration atMost) throws InterruptedException {
    records.awaitChange(atMost);
  }

  @Override
  public void close() {
    records.close();
  }

  private static List<SymptomState> shown(List<SymptomState> all, boolean overToo) {
    return all.stream()
        .filter(symptom -> overToo || symptom.getUntilMillis() == 0)
        .sorted(FELT_FIRST)
        .toList();
  }
}
