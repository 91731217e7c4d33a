package dev.switchgear.ingest.outlet;

import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.LogEntry;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** A record, encoded, with its topic and key. */
public record Parcel(ProducerRecord<String, byte[]> message) {

  /** Some room below the 1 MiB that brokers take. */
  private static final int LIMIT_BYTES = 900 << 10;

  private static final Records RECORDS = Records.builtInOnly();
  private static final Serializer<Span> SPANS = RECORDS.serializer(Span.class);
  private static final Serializer<LogEntry> LOGS = RECORDS.serializer(LogEntry.class);
  private static final Serializer<MetricPoint> METRICS = RECORDS.serializer(MetricPoint.class);
  private static final Serializer<Heartbeat> HEARTBEATS = RECORDS.serializer(Heartbeat.class);

  public Parcel {
    if (message.value().length > LIMIT_BYTES) {
      throw new IllegalArgumentException(
          "record for %s: %d bytes (expected: at most %d)"
              .formatted(message.topic(), message.value().length, LIMIT_BYTES));
    }
  }

  public static Parcel of(Span span) {
    return of(Topics.SPANS, span.getTraceId(), span, SPANS);
  }

  public static Parcel of(LogEntry entry) {
    String key = Objects.requireNonNullElse(entry.getTraceId(), entry.getInstance());
    return of(Topics.LOGS, key, entry, LOGS);
  }

  public static Parcel of(MetricPoint point) {
    return of(Topics.METRICS, point.getInstance(), point, METRICS);
  }

  static Parcel of(Heartbeat heartbeat) {
    String key = heartbeat.getRole() + "/" + heartbeat.getInstance();
    return of(Topics.HEARTBEATS, key, heartbeat, HEARTBEATS);
  }

  /** Every writer publishes its schemas, so that programs of other versions can read it. */
  static List<Parcel> schemas() {
    return SchemaDirectory.announcements().stream()
        .map(
            each ->
                new ProducerRecord<>(
                    each.topic(), each.key(), each.value().getBytes(StandardCharsets.UTF_8)))
        .map(Parcel::new)
        .toList();
  }

  int bytes() {
    return message.value().length + message.key().length();
  }

  private static <V extends SpecificRecord> Parcel of(
      Topic<V> topic, String key, V value, Serializer<V> serializer) {
    return new Parcel(
        new ProducerRecord<>(topic.name(), key, serializer.serialize(topic.name(), value)));
  }
}
