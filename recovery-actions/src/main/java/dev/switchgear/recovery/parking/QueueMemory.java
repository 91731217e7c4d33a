package dev.switchgear.recovery.parking;

import java.util.List;

/**
 * What is to be remembered of a queue besides its items.
 *
 * @param done items done since the queue was first seen
 * @param quarantined items given up since the queue was first seen
 * @param suspects keys with items given up since an item was last done
 * @param stopped everything looks like poison: nothing is given up until an item is done
 * @param failuresWhileStopped failed attempts since the queue stopped
 * @param pausedUntilMillis when a stopped queue tries its next item
 */
public record QueueMemory(
    long done,
    long quarantined,
    List<String> suspects,
    boolean stopped,
    int failuresWhileStopped,
    long pausedUntilMillis) {

  public QueueMemory {
    suspects = List.copyOf(suspects);
  }

  /** Totals alone. */
  public static QueueMemory totals(long done, long quarantined) {
    return new QueueMemory(done, quarantined, List.of(), false, 0, 0);
  }
}
