package dev.switchgear.schemas;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * Where a work item lives: all items of one queue and work key share a partition, so that their
 * order is Kafka's. The same hash as Kafka's default partitioner (murmur2), over the queue and the
 * work key.
 */
public final class WorkPartition {

  private WorkPartition() {}

  /**
   * Partition of a work key.
   *
   * @param partitions number of partitions of the topic, at least 1
   */
  public static int of(String queue, String workKey, int partitions) {
    byte[] bytes = (queue + '\0' + workKey).getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(bytes)) % partitions;
  }
}
