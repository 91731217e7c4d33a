package dev.switchgear.guard;

import dev.switchgear.schemas.QuotaState;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** Brings what is shared of the fleet's limits from Kafka to those who go by it. */
final class QuotaFollower implements TopicFollower.Listener<QuotaState>, AutoCloseable {

  private final FleetLimits limits;
  private final TopicFollower<QuotaState> follower;

  QuotaFollower(FleetLimits limits, KafkaClients clients, Records records) {
    this.limits = limits;
    this.follower = TopicFollower.start(Topics.QUOTAS, clients.follower("quotas"), records, this);
  }

  @Override
  public void onRecord(ConsumerRecord<String, byte[]> record, @Nullable QuotaState state) {
    limits.accept(record.key(), state);
  }

  @Override
  public void onUnreadable(ConsumerRecord<String, byte[]> record, SerializationException cause) {
    limits.refuse(record.key(), String.valueOf(cause.getMessage()));
  }

  @Override
  public void close() {
    follower.close();
  }
}
