package dev.switchgear.schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.message.SchemaStore;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the writer schema of a record by its fingerprint: first among the schemas this program was
 * built with, then on the topic {@code switchgear.schemas}, where every writer publishes its own.
 * Thread-safe.
 */
public final class SchemaDirectory implements SchemaStore {

  private static final Logger LOG = LoggerFactory.getLogger(SchemaDirectory.class);

  /**
   * The topic is read again for an unknown fingerprint at most this often, however many strangers
   * arrive.
   */
  private static final Duration LOOKUP_INTERVAL = Duration.ofSeconds(1);

  private static final Duration LOOKUP_TIMEOUT = Duration.ofSeconds(5);

  private final Map<Long, Schema> known = new ConcurrentHashMap<>();
  private final Supplier<Map<Long, Schema>> published;
  private long lastLookupNanos;
  private boolean lookedUp;

  private SchemaDirectory(Supplier<Map<Long, Schema>> published) {
    this.published = published;
    builtIn().forEach(schema -> known.put(fingerprint(schema), schema));
  }

  /** Knows only the schemas of this build. */
  public static SchemaDirectory builtInOnly() {
    return new SchemaDirectory(Map::of);
  }

  /**
   * Also looks on the cluster's schema topic when it meets an unknown fingerprint. The look-up
   * blocks the reading thread for at most five seconds, at most once a second.
   *
   * @param kafka client configuration, {@code bootstrap.servers} at least
   */
  public static SchemaDirectory onCluster(Map<String, Object> kafka) {
    return new SchemaDirectory(() -> readTopic(kafka));
  }

  /** The schemas of all records of this build. */
  public static List<Schema> builtIn() {
    return SwitchgearRecords.PROTOCOL.getTypes().stream()
        .filter(schema -> schema.getType() == Schema.Type.RECORD)
        .toList();
  }

  /** What a writer publishes so that everybody can read it. */
  public static List<ProducerRecord<String, String>> announcements() {
    return builtIn().stream()
        .map(
            schema ->
                new ProducerRecord<>(
                    Topics.SCHEMAS, Long.toHexString(fingerprint(schema)), schema.toString()))
        .toList();
  }

  @Override
  public @Nullable Schema findByFingerprint(long fingerprint) {
    Schema schema = known.get(fingerprint);
    return schema != null ? schema : lookUp(fingerprint);
  }

  private synchronized @Nullable Schema lookUp(long fingerprint) {
    long now = System.nanoTime();
    if (!lookedUp || now - lastLookupNanos > LOOKUP_INTERVAL.toNanos()) {
      lookedUp = true;
      lastLookupNanos = now;
      known.putAll(published.get());
    }
    return known.get(fingerprint);
  }

  private static Map<Long, Schema> readTopic(Map<String, Object> kafka) {
    Map<String, Object> config = new HashMap<>(kafka);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    Map<Long, Schema> found = new HashMap<>();
    TopicPartition partition = new TopicPartition(Topics.SCHEMAS, 0);
    long deadline = System.nanoTime() + LOOKUP_TIMEOUT.toNanos();
    try (var consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end =
          consumer.endOffsets(List.of(partition), LOOKUP_TIMEOUT).getOrDefault(partition, 0L);
      while (consumer.position(partition, LOOKUP_TIMEOUT) < end && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> parse(record.value(), found));
      }
    } catch (RuntimeException e) {
      LOG.warn("Cannot read {}: records of unknown schema go to dead letters", Topics.SCHEMAS, e);
    }
    return found;
  }

  private static void parse(@Nullable String json, Map<Long, Schema> found) {
    if (json == null) {
      return;
    }
    try {
      Schema schema = new Schema.Parser().parse(json);
      found.put(fingerprint(schema), schema);
    } catch (RuntimeException e) {
      LOG.warn("Skipping a malformed schema on {}: {}", Topics.SCHEMAS, json, e);
    }
  }

  private static long fingerprint(Schema schema) {
    return SchemaNormalization.parsingFingerprint64(schema);
  }
}
