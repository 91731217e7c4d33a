package dev.switchgear.guard;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Settings of the Kafka clients of one instance: the user's, and over them those that the promises
 * of this library rest on. Every client has a name of its own.
 */
final class KafkaClients {

  private static final int TELEMETRY_BUFFER_BYTES = 4 << 20;

  /** How soon a topic that is created later is noticed. */
  private static final int METADATA_AGE_MILLIS = 10_000;

  private final Map<String, Object> settings;
  private final String prefix;

  KafkaClients(Map<String, Object> settings, String service, String instance) {
    this.settings = Map.copyOf(settings);
    this.prefix = "switchgear-guard-" + service + "-" + instance + "-";
  }

  /** For reading a topic without a group. */
  Map<String, Object> follower(String use) {
    Map<String, Object> config = named(use);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, METADATA_AGE_MILLIS);
    return config;
  }

  /**
   * For observations and heartbeats. Sending never waits: with {@code max.block.ms} 0 a record for
   * which there is no room or no metadata yet fails at once, and the metadata is asked for.
   */
  Map<String, Object> telemetry() {
    Map<String, Object> config = named("telemetry");
    config.put(ProducerConfig.ACKS_CONFIG, "1");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, TELEMETRY_BUFFER_BYTES);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 10_000);
    return config;
  }

  /** For parking: every record ends acknowledged, refused or unknown within five seconds. */
  Map<String, Object> parking(String queue) {
    Map<String, Object> config = named("park-" + queue);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1_000);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_000);
    return config;
  }

  /**
   * For outcomes: a name that stays over restarts, so that a new start ends what the last left
   * open.
   */
  Map<String, Object> outcomes(String queue) {
    Map<String, Object> config = named("outcomes-" + queue);
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, prefix + "replay-" + queue);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
    return config;
  }

  /** For taking replayed work. */
  Map<String, Object> replay(String queue) {
    Map<String, Object> config = follower("replay-" + queue);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, "switchgear-replay-" + queue);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Replay.IN_FLIGHT);
    config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    config.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    return config;
  }

  /** The user's settings, for whoever needs nothing else. */
  Map<String, Object> settings() {
    return settings;
  }

  private Map<String, Object> named(String use) {
    Map<String, Object> config = new HashMap<>(settings);
    config.put(CommonClientConfigs.CLIENT_ID_CONFIG, prefix + use);
    return config;
  }
}
