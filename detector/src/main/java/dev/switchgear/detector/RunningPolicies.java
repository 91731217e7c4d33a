package dev.switchgear.detector;

import dev.switchgear.detector.policy.PolicyBook;
import dev.switchgear.detector.policy.PolicyException;
import dev.switchgear.detector.policy.PolicyRecords;
import dev.switchgear.detector.policy.WrittenPolicy;
import dev.switchgear.schemas.Policy;
import dev.switchgear.schemas.TopicFollower;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policies that hold now: those of {@code switchgear.policies} over those of the file. What is
 * wrong is refused, and what held before goes on; so is what does not go together with the rest,
 * until the rest has changed. Thread-safe: one thread writes, any may read.
 */
final class RunningPolicies implements TopicFollower.Listener<Policy> {

  private static final Logger LOG = LoggerFactory.getLogger(RunningPolicies.class);

  /** As many as a file may hold; every change looks at all of them. */
  static final int MOST = 1_000;

  private final List<WrittenPolicy> file;
  private final Map<String, WrittenPolicy> holding = new LinkedHashMap<>();

  /** What was read and does not hold yet, by pattern; empty for one that is to go. */
  private final Map<String, Optional<WrittenPolicy>> waiting = new LinkedHashMap<>();

  private boolean read;
  private volatile PolicyBook book;

  /** The policies of a file, until the topic says more. */
  RunningPolicies(List<WrittenPolicy> file) {
    this.file = List.copyOf(file);
    this.book = PolicyBook.of(file);
  }

  /** What holds now; another object after each change. */
  PolicyBook book() {
    return book;
  }

  @Override
  public void onRecord(ConsumerRecord<String, byte[]> record, @Nullable Policy policy) {
    String pattern = record.key();
    read = true;
    waiting.remove(pattern);
    try {
      waiting.put(
          pattern,
          policy == null ? Optional.empty() : Optional.of(PolicyRecords.read(pattern, policy)));
    } catch (PolicyException e) {
      LOG.warn("Refusing a policy, what held for {} goes on: {}", pattern, e.getMessage());
    }
  }

  @Override
  public void onUnreadable(ConsumerRecord<String, byte[]> record, SerializationException cause) {
    waiting.remove(record.key());
    LOG.warn("Refusing a policy, what held for {} goes on: {}", record.key(), cause.toString());
  }

  /**
   * Takes over what was read. Patterns are written together because they belong together, so all of
   * it is tried first, and one by one only if that does not do.
   */
  @Override
  public void onBatch() {
    boolean nothingNew = !read || waiting.isEmpty();
    read = false;
    if (nothingNew || adopt(waiting).isEmpty()) {
      return;
    }
    for (var each : List.copyOf(waiting.entrySet())) {
      adopt(Map.of(each.getKey(), each.getValue()))
          .ifPresent(wrong -> LOG.warn("Refusing {} for now: {}", each.getKey(), wrong));
    }
  }

  /** What is wrong with these changes; if nothing is, they hold. */
  private Optional<String> adopt(Map<String, Optional<WrittenPolicy>> changes) {
    Map<String, WrittenPolicy> candidate = new LinkedHashMap<>(holding);
    changes.forEach((pattern, policy) -> put(candidate, pattern, policy));
    if (candidate.size() > MOST) {
      return Optional.of(candidate.size() + " patterns (expected: at most " + MOST + ")");
    }
    try {
      book = PolicyBook.of(allOf(candidate.values()));
    } catch (PolicyException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    holding.clear();
    holding.putAll(candidate);
    LOG.info("Policies changed for {}", changes.keySet());
    List.copyOf(changes.keySet()).forEach(waiting::remove);
    return Optional.empty();
  }

  private static void put(
      Map<String, WrittenPolicy> policies, String pattern, Optional<WrittenPolicy> policy) {
    policies.remove(pattern);
    policy.ifPresent(written -> policies.put(pattern, written));
  }

  private List<WrittenPolicy> allOf(Collection<WrittenPolicy> topic) {
    List<WrittenPolicy> all = new ArrayList<>(topic);
    all.addAll(file);
    return all;
  }
}
