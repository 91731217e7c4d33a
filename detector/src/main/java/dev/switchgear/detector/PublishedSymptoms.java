package dev.switchgear.detector;

import dev.switchgear.schemas.SymptomState;
import dev.switchgear.schemas.TopicFollower;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The symptoms that {@code switchgear.symptoms} says are felt: where a store holds nothing of one,
 * it can still be ended. Thread-safe.
 */
final class PublishedSymptoms implements TopicFollower.Listener<SymptomState> {

  /** As many as all partitions can have breakers; some hundred bytes each. */
  private static final int MOST = 50_000;

  private final Map<String, SymptomState> felt = new ConcurrentHashMap<>();

  /** Those whose breakers are judged in a partition, by the rule of Kafka's default partitioner. */
  List<SymptomState> feltIn(int partition, int partitions) {
    return felt.values().stream()
        .filter(each -> partition(each.getBreaker(), partitions) == partition)
        .toList();
  }

  @Override
  public void onRecord(ConsumerRecord<String, byte[]> record, @Nullable SymptomState symptom) {
    if (symptom == null || symptom.getUntilMillis() != 0) {
      felt.remove(record.key());
    } else if (felt.size() < MOST || felt.containsKey(record.key())) {
      felt.put(record.key(), symptom);
    }
  }

  private static int partition(String breaker, int partitions) {
    byte[] bytes = breaker.getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(bytes)) % partitions;
  }
}
