package dev.switchgear.ingest.outlet;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * How an outlet sends.
 *
 * @param role of its heartbeats
 * @param heartbeat time between two heartbeats
 * @param bufferBytes most that wait for the sending thread, and most that wait in Kafka's producer
 * @param delivery how long a parcel may wait for the sending thread, and then for Kafka
 * @param kafka settings of the Kafka producer, {@code bootstrap.servers} at least
 */
public record Plan(
    String role,
    Duration heartbeat,
    int bufferBytes,
    Duration delivery,
    Map<String, Object> kafka) {

  private static final Pattern HOST_AND_PORT = Pattern.compile("[^\\s,]+:\\d{1,5}");

  /** How long the sending thread waits for room or for news of the cluster. */
  private static final int BLOCK_MILLIS = 2_000;

  /** How soon a topic that is created later is noticed. */
  private static final int METADATA_AGE_MILLIS = 10_000;

  public Plan {
    kafka = Map.copyOf(kafka);
    checkAddress(kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
    checkSettings(kafka);
  }

  /**
   * The user's settings, and over them what the promises of an outlet rest on.
   *
   * @param clientId by which the client names itself to brokers and in its logs
   */
  Map<String, Object> producer(String clientId) {
    int deliveryMillis = Math.toIntExact(delivery.toMillis());
    Map<String, Object> config = new HashMap<>(kafka);
    config.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
    config.put(ProducerConfig.ACKS_CONFIG, "1");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, bufferBytes);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 1 << 20);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, deliveryMillis / 2);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryMillis);
    config.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, METADATA_AGE_MILLIS);
    return config;
  }

  private static void checkAddress(@Nullable Object bootstrapServers) {
    for (String each : String.valueOf(bootstrapServers).split(",", -1)) {
      if (!HOST_AND_PORT.matcher(each.strip()).matches()) {
        throw new IllegalArgumentException(
            "bootstrap.servers: \"%s\" (expected: host:port, several separated by commas)"
                .formatted(bootstrapServers));
      }
    }
  }

  /** Opening happens in the background, where nobody would be told of a wrong setting. */
  private static void checkSettings(Map<String, Object> kafka) {
    Map<String, Object> config = new HashMap<>(kafka);
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    try {
      ProducerConfig.configDef().parse(config);
    } catch (ConfigException e) {
      throw new IllegalArgumentException("kafka: " + e.getMessage(), e);
    }
  }
}
