package dev.switchgear.detector;

import dev.switchgear.schemas.BreakerId;
import dev.switchgear.schemas.SymptomState;
import dev.switchgear.schemas.TopicFollower;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is felt anywhere in the fleet, as {@code switchgear.symptoms} says: a symptom in one
 * partition may follow from one in another, and one of which a store holds nothing can still be
 * ended. Thread-safe: the follower's thread writes, any may read.
 */
final class PublishedSymptoms implements TopicFollower.Listener<SymptomState> {

  private static final Logger LOG = LoggerFactory.getLogger(PublishedSymptoms.class);

  /** As many as all partitions can have breakers; some hundred bytes each. */
  private static final int MOST = 50_000;

  private final Map<String, SymptomState> reading = new HashMap<>();
  private boolean changed;
  private volatile Map<String, SymptomState> felt = Map.of();

  /** What is felt now, by its key; another object after each change. */
  Map<String, SymptomState> felt() {
    return felt;
  }

  /** Those whose breakers are judged in a partition. */
  List<SymptomState> feltIn(int partition, int partitions) {
    return felt.values().stream()
        .filter(each -> BreakerId.partition(each.getBreaker(), partitions) == partition)
        .toList();
  }

  @Override
  public void onRecord(ConsumerRecord<String, byte[]> record, @Nullable SymptomState symptom) {
    if (symptom == null || symptom.getUntilMillis() != 0) {
      changed |= reading.remove(record.key()) != null;
    } else if (reading.size() < MOST || reading.containsKey(record.key())) {
      reading.put(record.key(), symptom);
      changed = true;
    } else {
      LOG.warn("Not remembering that {} is felt: {} symptoms are", record.key(), MOST);
    }
  }

  @Override
  public void onBatch() {
    if (changed) {
      felt = Map.copyOf(reading);
      changed = false;
    }
  }
}
