package dev.switchgear.guard;

import dev.switchgear.schemas.ParkedWork;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The unfinished items of one queue, whoever parked them, as one reading of the ledger from its
 * beginning finds them. One thread writes; any thread asks.
 */
final class LedgerItems {

  private final int limit;
  private final Map<String, String> keyOfItem = new HashMap<>();
  private final Map<String, Integer> itemsOfKey = new ConcurrentHashMap<>();
  private volatile boolean overflowed;

  LedgerItems(int limit) {
    this.limit = limit;
  }

  void put(String itemId, ParkedWork work) {
    if (keyOfItem.containsKey(itemId)) {
      return;
    }
    if (keyOfItem.size() >= limit) {
      overflowed = true;
      return;
    }
    keyOfItem.put(itemId, work.getWorkKey());
    itemsOfKey.merge(work.getWorkKey(), 1, Integer::sum);
  }

  void remove(@Nullable String itemId) {
    String workKey = keyOfItem.remove(itemId);
    if (workKey != null) {
      itemsOfKey.computeIfPresent(workKey, (key, items) -> items == 1 ? null : items - 1);
    }
  }

  boolean holds(String workKey) {
    return itemsOfKey.containsKey(workKey);
  }

  /** Whether there were more items than fit, so that {@link #holds} may miss some. */
  boolean hasOverflowed() {
    return overflowed;
  }

  /** Whether so much has been finished that reading again is likely to find all that is left. */
  boolean isWorthReadingAgain() {
    return overflowed && keyOfItem.size() <= limit / 2;
  }
}
