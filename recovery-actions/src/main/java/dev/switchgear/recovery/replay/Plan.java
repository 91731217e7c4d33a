package dev.switchgear.recovery.replay;

import dev.switchgear.recovery.state.Grant;
import dev.switchgear.recovery.state.PartStanding;
import dev.switchgear.recovery.state.Tick;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.Topic.Cleanup;
import dev.switchgear.schemas.Topic.Durability;
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;

/**
 * What the instances of one application agree on.
 *
 * @param applicationId begins the names of the topics that are nobody else's
 * @param partitions partitions of {@code switchgear.parked-work}
 * @param releasePerSecond items released per second and queue, over all partitions, while the
 *     breaker admits everything
 * @param inFlightLimit released items of one queue without an outcome, over all partitions
 * @param attempts failed attempts after which an item is quarantined
 */
public record Plan(
    String applicationId,
    int partitions,
    double releasePerSecond,
    int inFlightLimit,
    int attempts) {

  /** The stream follows these topics closely; what it has read is of no use to anybody. */
  private static final Duration RETENTION = Duration.ofDays(1);

  /** The topics that exist for this application only. */
  public List<Topic<?>> ownTopics() {
    return List.of(ticks(), standings(), grants());
  }

  Topic<Tick> ticks() {
    return own("ticks", "partition", Tick.class, partitions);
  }

  /** One partition: a few records a second for each queue, and one place that sums them. */
  Topic<PartStanding> standings() {
    return own("standings", "queue", PartStanding.class, 1);
  }

  Topic<Grant> grants() {
    return own("grants", "queue", Grant.class, partitions);
  }

  private <V extends SpecificRecord> Topic<V> own(
      String name, String key, Class<V> type, int count) {
    return new Topic<>(
        applicationId + "-" + name, key, type, count, Cleanup.DELETE, RETENTION, Durability.LEDGER);
  }
}
