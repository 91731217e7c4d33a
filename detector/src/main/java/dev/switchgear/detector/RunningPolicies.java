package dev.switchgear.detector;

import dev.switchgear.detector.policy.LayeredPolicies;
import dev.switchgear.detector.policy.LayeredPolicies.Refusal;
import dev.switchgear.detector.policy.PolicyBook;
import dev.switchgear.detector.policy.WrittenPolicy;
import dev.switchgear.schemas.Policy;
import dev.switchgear.schemas.TopicFollower;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies that this instance goes by now, kept up to date from {@code switchgear.policies}.
 * Thread-safe: the follower's thread writes, any may read.
 */
final class RunningPolicies implements TopicFollower.Listener<Policy> {

  private static final Logger LOG = LoggerFactory.getLogger(RunningPolicies.class);

  private final LayeredPolicies policies;
  private volatile PolicyBook book;

  /** The policies of a file, until the topic says more. */
  RunningPolicies(List<WrittenPolicy> file) {
    this.policies = new LayeredPolicies(file);
    this.book = policies.book();
  }

  /** What holds now; another object after each change. */
  PolicyBook book() {
    return book;
  }

  @Override
  public void onRecord(ConsumerRecord<String, byte[]> record, @Nullable Policy policy) {
    policies.read(record.key(), policy).ifPresent(RunningPolicies::warn);
  }

  @Override
  public void onUnreadable(ConsumerRecord<String, byte[]> record, SerializationException cause) {
    warn(policies.refuse(record.key(), cause.toString()));
  }

  @Override
  public void onBatch() {
    policies.settle().forEach(RunningPolicies::warn);
    book = policies.book();
  }

  private static void warn(Refusal refusal) {
    LOG.warn("Refusing a policy, what held for {} goes on: {}", refusal.pattern(), refusal.why());
  }
}
