package dev.switchgear.detector;

import dev.switchgear.detector.state.Tick;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.Topic.Cleanup;
import dev.switchgear.schemas.Topic.Durability;
import java.time.Duration;

/** Brings time to a partition: what is asked for here is read from a topic soon after. */
interface Ticker {

  /** Where ticks are read. */
  Topic<Tick> topic();

  /** Asks for a tick. It may fail to come; then nothing but another one makes up for it. */
  void tick(int partition, long nowMillis);

  /** The topic of one application: nobody else's, and of no use once it has been read. */
  static Topic<Tick> topicOf(String applicationId, int partitions) {
    return new Topic<>(
        applicationId + "-ticks",
        "partition",
        Tick.class,
        partitions,
        Cleanup.DELETE,
        Duration.ofHours(1),
        Durability.TELEMETRY);
  }
}
