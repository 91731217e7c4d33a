package dev.switchgear.recovery.replay;

import dev.switchgear.recovery.parking.Item;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.WorkOutcome;
import dev.switchgear.schemas.WorkPartition;
import dev.switchgear.schemas.streams.BadRecordException;
import org.jspecify.annotations.Nullable;

/** Refuses records that decode and still make no sense. */
final class Checks {

  private final int partition;
  private final int partitions;

  /**
   * Checks for one partition of the ledger.
   *
   * @param partition its number, of so many
   */
  Checks(int partition, int partitions) {
    this.partition = partition;
    this.partitions = partitions;
  }

  /** The item that a record of the ledger parks. */
  Item parked(@Nullable String key, ParkedWork work, long offset) {
    equal("key", key, work.getItemId());
    named("itemId", work.getItemId());
    named("workKey", work.getWorkKey());
    named("breaker", work.getBreaker());
    checkQueue(work.getQueue());
    checkPartition(work.getQueue(), work.getWorkKey());
    if (work.getDeadlineMillis() < 0) {
      throw new BadRecordException(
          "deadlineMillis: " + work.getDeadlineMillis() + " (expected: 0 for never, or a time)");
    }
    return Item.parked(
        work.getItemId(),
        work.getQueue(),
        work.getWorkKey(),
        work.getBreaker(),
        offset,
        work.getParkedAtMillis(),
        work.getDeadlineMillis());
  }

  /** An outcome that has a value, and of an item that could lie in this partition. */
  WorkOutcome outcome(@Nullable String key, @Nullable WorkOutcome outcome) {
    if (outcome == null) {
      throw new BadRecordException("value: none (expected: WorkOutcome)");
    }
    equal("key", key, outcome.getItemId());
    named("itemId", outcome.getItemId());
    checkPartition(outcome.getQueue(), outcome.getWorkKey());
    if (outcome.getAttempt() < 1) {
      throw new BadRecordException("attempt: " + outcome.getAttempt() + " (expected: at least 1)");
    }
    return outcome;
  }

  private void checkPartition(String queue, String workKey) {
    int expected = WorkPartition.of(queue, workKey, partitions);
    if (partition != expected) {
      throw new BadRecordException(
          "partition: %d (expected: %d, for workKey \"%s\" of queue \"%s\")"
              .formatted(partition, expected, workKey, queue));
    }
  }

  private static void checkQueue(String queue) {
    try {
      Topics.replay(queue);
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(String.valueOf(e.getMessage()), e);
    }
  }

  private static void equal(String what, @Nullable String value, String itemId) {
    if (!itemId.equals(value)) {
      throw new BadRecordException(what + ": " + value + " (expected: itemId, \"" + itemId + "\")");
    }
  }

  private static void named(String what, String value) {
    if (value.isBlank()) {
      throw new BadRecordException(what + ": blank (expected: a name)");
    }
  }
}
