package dev.switchgear.detector;

import dev.switchgear.schemas.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Makes one {@link Bundle} of all records that one partition of spans or observations gave at once.
 * Kafka makes and calls it; nobody else does. Offsets are as without it.
 */
public final class Bundling implements ConsumerInterceptor<byte[], byte[]> {

  private static final Set<String> BUNDLED =
      Set.of(Topics.SPANS.name(), Topics.OBSERVATIONS.name());

  /** For Kafka, which knows only its name. */
  public Bundling() {}

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> read) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> bundled = new LinkedHashMap<>();
    for (TopicPartition partition : read.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records = read.records(partition);
      boolean pays = records.size() > 1 && BUNDLED.contains(partition.topic());
      bundled.put(partition, pays ? List.of(Bundle.of(records)) : records);
    }
    return new ConsumerRecords<>(bundled, read.nextOffsets());
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void configure(Map<String, ?> config) {}

  @Override
  public void close() {}
}
