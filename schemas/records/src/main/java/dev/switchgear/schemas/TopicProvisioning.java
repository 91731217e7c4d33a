package dev.switchgear.schemas;

import dev.switchgear.schemas.Topic.Durability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates what the catalogue declares and the cluster lacks, and publishes this build's schemas.
 * Topics that exist are left as they are. Safe to run from several programs at once.
 */
public final class TopicProvisioning {

  private static final Logger LOG = LoggerFactory.getLogger(TopicProvisioning.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
  private static final int REPLICAS_WANTED = 3;
  private static final int IN_SYNC_WANTED = 2;

  /**
   * The largest message on any of our topics: what a producer writes by default (1 MiB) still fits
   * when it goes on with more headers.
   */
  public static final int LARGEST_MESSAGE_BYTES = 2 << 20;

  private TopicProvisioning() {}

  /**
   * What was done.
   *
   * @param created names of the topics created
   * @param notices what an operator should know, one line each; empty where all is as declared
   */
  public record Report(Set<String> created, List<String> notices) {}

  /**
   * Creates every topic of the catalogue and the given queues' replay topics.
   *
   * @param kafka client configuration, {@code bootstrap.servers} at least
   * @param queues names of the queues whose work is replayed
   * @throws KafkaUnreachableException if no broker answers within 30 seconds, or nobody knows its
   *     host
   */
  public static Report provision(Map<String, Object> kafka, Collection<String> queues) {
    try (Admin admin = open(kafka)) {
      int brokers = brokers(admin);
      Set<String> created = createMissing(admin, declared(queues, brokers));
      announceSchemas(kafka);
      return new Report(created, notices(brokers));
    } catch (TimeoutException | org.apache.kafka.common.errors.TimeoutException e) {
      throw unreachable(kafka, e);
    }
  }

  /**
   * Creates those of the given topics that the cluster lacks, for whoever needs more than the
   * catalogue.
   *
   * @param kafka client configuration, {@code bootstrap.servers} at least
   * @return the names of the topics created
   * @throws KafkaUnreachableException if no broker answers within 30 seconds, or nobody knows its
   *     host
   */
  public static Set<String> create(
      Map<String, Object> kafka, Collection<? extends Topic<?>> topics) {
    try (Admin admin = open(kafka)) {
      int brokers = brokers(admin);
      return createMissing(admin, topics.stream().map(t -> newTopic(t, brokers)).toList());
    } catch (TimeoutException | org.apache.kafka.common.errors.TimeoutException e) {
      throw unreachable(kafka, e);
    }
  }

  /**
   * Replicas of each topic on this cluster.
   *
   * @param kafka client configuration, {@code bootstrap.servers} at least
   * @throws KafkaUnreachableException if no broker answers within 30 seconds, or nobody knows its
   *     host
   */
  public static int replicas(Map<String, Object> kafka) {
    try (Admin admin = open(kafka)) {
      return replicas(brokers(admin));
    } catch (TimeoutException | org.apache.kafka.common.errors.TimeoutException e) {
      throw unreachable(kafka, e);
    }
  }

  /**
   * Partitions that a topic has on this cluster, which may be more than were declared.
   *
   * @param kafka client configuration, {@code bootstrap.servers} at least
   * @throws KafkaUnreachableException if no broker answers within 30 seconds, or nobody knows its
   *     host
   * @throws org.apache.kafka.common.errors.UnknownTopicOrPartitionException if it does not exist
   */
  public static int partitions(Map<String, Object> kafka, Topic<?> topic) {
    try (Admin admin = open(kafka)) {
      var described = admin.describeTopics(List.of(topic.name())).allTopicNames();
      return wait(described.toCompletionStage().toCompletableFuture()).values().stream()
          .mapToInt(each -> each.partitions().size())
          .sum();
    } catch (TimeoutException | org.apache.kafka.common.errors.TimeoutException e) {
      throw unreachable(kafka, e);
    }
  }

  /** Replicas that must hold a write to a ledger before it is acknowledged. */
  public static int inSync(int replicas) {
    return replicas >= REPLICAS_WANTED ? IN_SYNC_WANTED : 1;
  }

  private static int replicas(int brokers) {
    return brokers >= REPLICAS_WANTED ? REPLICAS_WANTED : 1;
  }

  private static Admin open(Map<String, Object> kafka) {
    try {
      return Admin.create(kafka);
    } catch (KafkaException e) {
      throw isUnresolved(e) ? unreachable(kafka, e) : e;
    }
  }

  /** A name that nobody knows may be known in a moment; other faults of configuration stay. */
  private static boolean isUnresolved(KafkaException e) {
    return e.getCause() instanceof ConfigException cause
        && String.valueOf(cause.getMessage()).contains("No resolvable");
  }

  private static KafkaUnreachableException unreachable(Map<String, Object> kafka, Exception e) {
    return new KafkaUnreachableException(String.valueOf(kafka.get("bootstrap.servers")), e);
  }

  private static int brokers(Admin admin) throws TimeoutException {
    return wait(admin.describeCluster().nodes().toCompletionStage().toCompletableFuture()).size();
  }

  private static List<String> notices(int brokers) {
    if (brokers >= REPLICAS_WANTED) {
      return List.of();
    }
    return List.of(
        brokers
            + (brokers == 1 ? " broker" : " brokers")
            + ": topics have one replica, so losing a broker's disk loses them"
            + " (3 brokers give 3 replicas, 2 of them in sync)");
  }

  private static List<NewTopic> declared(Collection<String> queues, int brokers) {
    List<NewTopic> topics = new ArrayList<>();
    Topics.all().forEach(topic -> topics.add(newTopic(topic, brokers)));
    queues.forEach(queue -> topics.add(newTopic(Topics.replay(queue), brokers)));
    topics.add(
        newTopic(
            Topics.DEAD_LETTERS,
            1,
            Topic.Cleanup.DELETE,
            Duration.ofDays(30),
            Durability.LEDGER,
            brokers));
    topics.add(
        newTopic(
            Topics.SCHEMAS,
            1,
            Topic.Cleanup.COMPACT,
            Duration.ofDays(365),
            Durability.LEDGER,
            brokers));
    return topics;
  }

  private static NewTopic newTopic(Topic<?> topic, int brokers) {
    return newTopic(
        topic.name(),
        topic.partitions(),
        topic.cleanup(),
        topic.retention(),
        topic.durability(),
        brokers);
  }

  private static NewTopic newTopic(
      String name,
      int partitions,
      Topic.Cleanup cleanup,
      Duration retention,
      Durability durability,
      int brokers) {
    int replicas = replicas(brokers);
    Map<String, String> config = new HashMap<>();
    config.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup.policy());
    config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(LARGEST_MESSAGE_BYTES));
    if (cleanup != Topic.Cleanup.COMPACT) {
      config.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(retention.toMillis()));
    }
    if (durability == Durability.LEDGER) {
      config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(inSync(replicas)));
    }
    return new NewTopic(name, partitions, (short) replicas).configs(config);
  }

  private static Set<String> createMissing(Admin admin, List<NewTopic> wanted)
      throws TimeoutException {
    Set<String> existing =
        wait(admin.listTopics().names().toCompletionStage().toCompletableFuture());
    List<NewTopic> missing = wanted.stream().filter(t -> !existing.contains(t.name())).toList();
    Set<String> created = new TreeSet<>();
    for (var result : admin.createTopics(missing).values().entrySet()) {
      try {
        wait(result.getValue().toCompletionStage().toCompletableFuture());
        created.add(result.getKey());
      } catch (TopicExistsException e) {
        LOG.debug("{} was created by another program meanwhile", result.getKey(), e);
      }
    }
    awaitLeaders(admin, missing.stream().map(NewTopic::name).toList());
    return created;
  }

  /** A broker hears of a new topic some moments later, and until then denies that there is one. */
  private static void awaitLeaders(Admin admin, List<String> topics) throws TimeoutException {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!haveLeaders(admin, topics)) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException("Topics without leaders: " + topics);
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  private static boolean haveLeaders(Admin admin, List<String> topics) throws TimeoutException {
    try {
      var described = admin.describeTopics(topics).allTopicNames();
      return wait(described.toCompletionStage().toCompletableFuture()).values().stream()
          .flatMap(topic -> topic.partitions().stream())
          .allMatch(partition -> partition.leader() != null);
    } catch (UnknownTopicOrPartitionException e) {
      return false;
    }
  }

  private static void announceSchemas(Map<String, Object> kafka) throws TimeoutException {
    Map<String, Object> config = new HashMap<>(kafka);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    // Twice does no harm on a compacted topic. With sequence numbers, a batch that a broker refused
    // because it did not lead the new topic yet could hold up those behind it until they expire.
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
    try (var producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      List<Future<RecordMetadata>> sent =
          SchemaDirectory.announcements().stream().map(producer::send).toList();
      for (Future<RecordMetadata> each : sent) {
        wait(each);
      }
    }
  }

  private static <T> T wait(Future<T> future) throws TimeoutException {
    try {
      return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new org.apache.kafka.common.errors.InterruptException(e);
    }
  }
}
