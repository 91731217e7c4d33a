package dev.switchgear.console;

import static java.util.Objects.requireNonNullElse;

import dev.switchgear.console.settings.Settings;
import dev.switchgear.detector.policy.LayeredPolicies;
import dev.switchgear.detector.policy.LayeredPolicies.Refusal;
import dev.switchgear.detector.policy.PolicyFile;
import dev.switchgear.detector.policy.WrittenPolicy;
import dev.switchgear.schemas.Policy;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code switchgear.policies}. */
final class PolicyTopic implements AutoCloseable {

  /**
   * All who write policies share it: whoever opens the topic later shuts out those before, so
   * nobody writes over what he has not read.
   */
  private static final String TRANSACTIONAL_ID = "switchgear-policies";

  /** Where the settings name the detectors' own file. */
  static final String FILE_SETTING = "detector.policy-file";

  private static final Duration READ_WITHIN = Duration.ofSeconds(15);
  private static final int WRITTEN_WITHIN_MILLIS = 10_000;

  private final KafkaProducer<String, Policy> producer;

  private PolicyTopic(KafkaProducer<String, Policy> producer) {
    this.producer = producer;
  }

  /** Takes what is read, as a detector does; called by one thread. */
  private record Reading(LayeredPolicies policies, Map<String, Refusal> refusals)
      implements TopicFollower.Listener<Policy> {

    @Override
    public void onRecord(ConsumerRecord<String, byte[]> record, @Nullable Policy policy) {
      refusals.remove(record.key());
      policies.read(record.key(), policy).ifPresent(this::note);
    }

    @Override
    public void onUnreadable(ConsumerRecord<String, byte[]> record, SerializationException cause) {
      String place = Topics.POLICIES.name() + "[" + record.key() + "]: ";
      note(policies.refuse(record.key(), place + cause.getMessage()));
    }

    @Override
    public void onBatch() {
      policies.settle().forEach(this::note);
    }

    private void note(Refusal refusal) {
      refusals.put(refusal.pattern(), refusal);
    }
  }

  /** What the detectors' own file says, where the settings name one. */
  static List<WrittenPolicy> beneath(Settings settings) {
    return settings.path(FILE_SETTING).map(PolicyFile::read).orElse(List.of());
  }

  /** What is on the topic now, over what a file says. */
  static LayeredPolicies read(Cluster cluster, List<WrittenPolicy> beneath)
      throws InterruptedException {
    LayeredPolicies policies = new LayeredPolicies(beneath);
    read(cluster, policies);
    return policies;
  }

  /**
   * Reads everything that is on the topic now.
   *
   * @return what of it does not hold, and why
   */
  static List<Refusal> read(Cluster cluster, LayeredPolicies into) throws InterruptedException {
    Map<String, Object> kafka = cluster.clients();
    kafka.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    Records records = new Records(SchemaDirectory.onCluster(kafka));
    Reading reading = new Reading(into, new LinkedHashMap<>());
    try (var follower = TopicFollower.start(Topics.POLICIES, kafka, records, reading)) {
      if (!follower.awaitCaughtUp(READ_WITHIN)) {
        throw ConsoleException.failed(
            "Kafka at "
                + cluster.bootstrapServers()
                + " did not give "
                + Topics.POLICIES.name()
                + " within "
                + READ_WITHIN.toSeconds()
                + " s. Does the topic exist (switchgear topics create), are all brokers up?",
            null);
      }
    }
    reading.refusals().keySet().retainAll(into.refused());
    return List.copyOf(reading.refusals().values());
  }

  /**
   * Opens it to write. Whatever is read from now on stays as it is until this is closed or fails.
   */
  static PolicyTopic open(Cluster cluster) {
    Map<String, Object> config = cluster.clients();
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TRANSACTIONAL_ID);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, WRITTEN_WITHIN_MILLIS);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, WRITTEN_WITHIN_MILLIS);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, WRITTEN_WITHIN_MILLIS);
    var producer =
        new KafkaProducer<>(
            config, new StringSerializer(), Records.builtInOnly().serializer(Policy.class));
    try {
      producer.initTransactions();
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
    return new PolicyTopic(producer);
  }

  /**
   * Writes all of it or nothing.
   *
   * @param policies by pattern; null for one that is to go
   */
  void write(Map<String, @Nullable Policy> policies) {
    try {
      producer.beginTransaction();
      policies.forEach(this::send);
      producer.commitTransaction();
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw ConsoleException.failed(
          "Somebody else writes policies at this moment; nothing was written\n"
              + "See what has changed: switchgear policy diff",
          e);
    } catch (KafkaException e) {
      throw ConsoleException.failed(
          "The policies were not written to "
              + Topics.POLICIES.name()
              + ": "
              + requireNonNullElse(e.getCause(), e).getMessage(),
          e);
    }
  }

  @SuppressWarnings({"NullAway", "FutureReturnValueIgnored"}) // Commit waits for them, and fails.
  private void send(String pattern, @Nullable Policy policy) {
    producer.send(new ProducerRecord<>(Topics.POLICIES.name(), pattern, policy));
  }

  @Override
  public void close() {
    producer.close(Duration.ofMillis(WRITTEN_WITHIN_MILLIS));
  }
}
