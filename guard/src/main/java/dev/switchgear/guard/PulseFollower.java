package dev.switchgear.guard;

import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.HeartbeatPartition;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Listens whether detectors live: to their partition only, and to no heartbeat of the past. */
final class PulseFollower implements TopicFollower.Listener<Heartbeat>, AutoCloseable {

  private final Pulse pulse;
  private final Clocks clocks;
  private final TopicFollower<Heartbeat> follower;

  PulseFollower(Pulse pulse, Clocks clocks, KafkaClients clients, Records records) {
    this.pulse = pulse;
    this.clocks = clocks;
    this.follower =
        TopicFollower.startAtEnd(
            Topics.HEARTBEATS,
            HeartbeatPartition.OF_DETECTORS,
            clients.follower("heartbeats"),
            records,
            this);
  }

  /** Others are here where the topic has a single partition. */
  @Override
  public void onRecord(ConsumerRecord<String, byte[]> record, @Nullable Heartbeat heartbeat) {
    if (heartbeat != null && heartbeat.getRole().equals(HeartbeatPartition.DETECTOR)) {
      pulse.heard(clocks.nanos());
    }
  }

  @Override
  public void close() {
    follower.close();
  }
}
