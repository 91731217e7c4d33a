package dev.switchgear.recovery.replay;

import dev.switchgear.schemas.DeadLetter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Records of {@code switchgear.breaker-state} that could not be used. Whoever follows a topic as a
 * whole cannot write to Kafka, so they wait here for the task that owns the partition of the same
 * number. Thread-safe.
 */
final class BreakerLetters {

  /** For each partition; of more, the oldest are only in the log. */
  private static final int LIMIT = 100;

  private final Map<Integer, Deque<DeadLetter>> byPartition = new HashMap<>();

  synchronized void add(DeadLetter letter) {
    Deque<DeadLetter> letters =
        byPartition.computeIfAbsent(letter.partition(), absent -> new ArrayDeque<>());
    if (letters.size() >= LIMIT) {
      letters.removeFirst();
    }
    letters.addLast(letter);
  }

  /**
   * Those that a task has not sent yet, in order.
   *
   * @param task its number, of so many
   * @param next the lowest offset not sent, by partition
   */
  synchronized List<DeadLetter> of(int task, int tasks, Map<String, Long> next) {
    List<DeadLetter> mine = new ArrayList<>();
    byPartition.forEach(
        (partition, letters) -> {
          long from = next.getOrDefault(partition.toString(), 0L);
          if (partition % tasks == task) {
            letters.stream().filter(each -> each.offset() >= from).forEach(mine::add);
          }
        });
    return mine;
  }
}
