package dev.switchgear.recovery.replay;

import static java.util.Objects.requireNonNull;

import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates the replay topic of a queue when it is asked for first, and looks now and then whether it
 * is still there. A daemon thread of its own does both; until it has, the queue is held.
 */
public final class ClusterReplayTopics implements ReplayTopics, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClusterReplayTopics.class);

  /** Far more than anybody can look after; each is a topic on the cluster. */
  private static final int QUEUES = 256;

  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final Map<String, Object> clients;
  private final int partitions;
  private final Set<String> asked = ConcurrentHashMap.newKeySet();
  private final Map<String, String> held = new ConcurrentHashMap<>();
  private final Semaphore look = new Semaphore(0);
  private final Thread thread = new Thread(this::run, "switchgear-replay-topics");
  private volatile Set<String> there = Set.of();
  private volatile boolean closed;

  private ClusterReplayTopics(Map<String, Object> clients, int partitions) {
    this.clients = Map.copyOf(clients);
    this.partitions = partitions;
    thread.setDaemon(true);
  }

  /**
   * Starts to look after the replay topics of a cluster.
   *
   * @param clients client configuration, {@code bootstrap.servers} at least
   * @param partitions of each, as many as the ledger has
   */
  public static ClusterReplayTopics start(Map<String, Object> clients, int partitions) {
    var topics = new ClusterReplayTopics(clients, partitions);
    topics.thread.start();
    return topics;
  }

  @Override
  public boolean isThere(String queue) {
    if (there.contains(queue)) {
      return true;
    }
    if (asked.size() < QUEUES && asked.add(queue)) {
      look.release();
    }
    return false;
  }

  @Override
  public boolean isMissing(String queue) {
    return held.containsKey(queue) && !there.contains(queue);
  }

  @Override
  public void close() {
    closed = true;
    look.release();
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        boolean called = look.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        LOG.trace("Looking after {} replay topics, called: {}", asked.size(), called);
        if (!closed) {
          look();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    Set<String> found = ConcurrentHashMap.newKeySet();
    if (asked.isEmpty()) {
      return;
    }
    try (Admin admin = Admin.create(clients)) {
      for (String queue : asked) {
        if (isUsable(admin, queue)) {
          found.add(queue);
        }
      }
    }
    there = Set.copyOf(found);
    if (asked.size() >= QUEUES) {
      LOG.warn("{} queues are looked after; any further is held", QUEUES);
    }
  }

  /** What was there counts as there while nobody knows better. */
  private boolean isUsable(Admin admin, String queue) throws InterruptedException {
    Topic<?> topic = topic(queue);
    try {
      TopicProvisioning.create(clients, Set.of(topic));
      int count = count(admin, topic.name());
      if (count == partitions) {
        release(queue);
        return true;
      }
      hold(queue, topic.name() + " has " + count + " partitions (expected: " + partitions + ")");
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      hold(queue, topic.name() + " cannot be looked at or created: " + e);
      return there.contains(queue) && !(e.getCause() instanceof UnknownTopicOrPartitionException);
    }
    return false;
  }

  private int count(Admin admin, String name)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, TopicDescription> described =
        admin
            .describeTopics(Set.of(name))
            .allTopicNames()
            .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    return requireNonNull(described.get(name)).partitions().size();
  }

  private Topic<?> topic(String queue) {
    Topic<?> declared = Topics.replay(queue);
    return new Topic<>(
        declared.name(),
        declared.key(),
        declared.valueType(),
        partitions,
        declared.cleanup(),
        declared.retention(),
        declared.durability());
  }

  private void hold(String queue, String why) {
    if (!why.equals(held.put(queue, why))) {
      LOG.warn("Queue {} is held, nothing of it is lost: {}", queue, why);
    }
  }

  private void release(String queue) {
    if (held.remove(queue) != null) {
      LOG.warn("Queue {} is held no longer", queue);
    }
  }
}
