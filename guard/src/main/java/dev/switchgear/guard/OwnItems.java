package dev.switchgear.guard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Items that this instance has sent, or is about to send, and has not yet read back from the
 * ledger: what makes {@link Parking#holds} immediate for one's own work. Thread-safe.
 */
final class OwnItems {

  /** Reading back takes milliseconds; this many at once means that it does not work. */
  static final int LIMIT = 10_000;

  /** After this long a record whose fate is unknown can no longer arrive. */
  private static final long DOUBT_NANOS = Duration.ofMinutes(2).toNanos();

  private record Doubt(String itemId, long untilNanos) {}

  private final Map<String, String> keyOfItem = new HashMap<>();
  private final Map<String, Integer> itemsOfKey = new HashMap<>();
  private final Deque<Doubt> doubts = new ArrayDeque<>();

  /** Counts an item before it is sent; false if there are too many. */
  synchronized boolean add(String itemId, String workKey, long nowNanos) {
    forgetOldDoubts(nowNanos);
    if (keyOfItem.size() >= LIMIT) {
      return false;
    }
    keyOfItem.put(itemId, workKey);
    itemsOfKey.merge(workKey, 1, Integer::sum);
    return true;
  }

  /** The item was read back, or surely never arrived. */
  synchronized void remove(@Nullable String itemId) {
    String workKey = keyOfItem.remove(itemId);
    if (workKey != null) {
      itemsOfKey.computeIfPresent(workKey, (key, items) -> items == 1 ? null : items - 1);
    }
  }

  /** Nobody knows whether the item arrived: it is held until it can no longer come. */
  synchronized void doubt(String itemId, long nowNanos) {
    doubts.addLast(new Doubt(itemId, nowNanos + DOUBT_NANOS));
  }

  /** Nobody knows of any whether it can still be read back. */
  synchronized void doubtAll(long nowNanos) {
    keyOfItem.keySet().forEach(itemId -> doubt(itemId, nowNanos));
  }

  synchronized boolean holds(String workKey, long nowNanos) {
    forgetOldDoubts(nowNanos);
    return itemsOfKey.containsKey(workKey);
  }

  private void forgetOldDoubts(long nowNanos) {
    while (!doubts.isEmpty() && doubts.getFirst().untilNanos() - nowNanos < 0) {
      remove(doubts.removeFirst().itemId());
    }
  }
}
