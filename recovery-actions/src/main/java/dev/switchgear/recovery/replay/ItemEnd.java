package dev.switchgear.recovery.replay;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * Key of a tombstone: the item that is finished, and the partition of the ledger that it lies in. A
 * tombstone has no value that would tell.
 */
record ItemEnd(String itemId, int partition) {

  static byte[] serialize(String topic, ItemEnd end) {
    return end.itemId().getBytes(StandardCharsets.UTF_8);
  }

  static Optional<Set<Integer>> partitionOf(
      String topic, ItemEnd end, Object tombstone, int partitions) {
    return Optional.of(Set.of(end.partition()));
  }
}
