package dev.switchgear.detector;

import dev.switchgear.schemas.BreakerId;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.TopicFollower;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code switchgear.breaker-state} says: the last resort where a store holds nothing of a
 * breaker, so that losing every store loses no state and no epoch. Of two states of a breaker the
 * one with the higher epoch counts. Thread-safe.
 */
final class PublishedStates implements TopicFollower.Listener<BreakerState> {

  private static final Logger LOG = LoggerFactory.getLogger(PublishedStates.class);

  /** Five times what all partitions can judge; some hundred bytes each. */
  private static final int MOST = 200_000;

  private final Map<String, BreakerState> states = new ConcurrentHashMap<>();

  /** What was published of a breaker last. */
  Optional<BreakerState> state(String breaker) {
    return Optional.ofNullable(states.get(breaker));
  }

  /**
   * All states of breakers that one of so many partitions judges. Where they lie does not tell:
   * before 0.2 a part of a breaker did not lie with its whole.
   */
  Collection<BreakerState> ofPartition(int partition, int partitions) {
    return states.values().stream()
        .filter(each -> BreakerId.partition(each.getBreaker(), partitions) == partition)
        .toList();
  }

  /** Every breaker that was ever published. */
  Set<String> breakers() {
    return states.keySet();
  }

  @Override
  public void onRecord(ConsumerRecord<String, byte[]> record, @Nullable BreakerState state) {
    if (state == null) {
      return;
    }
    boolean absurd =
        !state.getBreaker().equals(record.key())
            || state.getEpoch() < 0
            || state.getAdmittedShare() < 0
            || state.getAdmittedShare() > dev.switchgear.breaker.State.FULL_SHARE;
    if (absurd || (states.size() >= MOST && !states.containsKey(record.key()))) {
      LOG.warn("Not remembering a state of {}: {}", record.key(), state);
      return;
    }
    states.merge(state.getBreaker(), state, PublishedStates::newer);
  }

  private static BreakerState newer(BreakerState known, BreakerState read) {
    return read.getEpoch() >= known.getEpoch() ? read : known;
  }
}
