package dev.switchgear.ingest.sdk;

import dev.switchgear.ingest.outlet.Outlet;
import dev.switchgear.ingest.outlet.Plan;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Map;

/**
 * OpenTelemetry exporters that write to Kafka: one object per process. Thread-safe.
 *
 * <pre>{@code
 * KafkaTelemetry kafka = KafkaTelemetry.connect("kafka:9092");
 * SdkTracerProvider.builder()
 *     .setResource(resource)
 *     .addSpanProcessor(kafka.guardedSpans())
 *     .addSpanProcessor(BatchSpanProcessor.builder(kafka.spans()).build())
 * }</pre>
 *
 * <p>Nothing here waits for Kafka, whatever happens to it. Records wait in a buffer of 4 MiB and
 * another as large in Kafka's client, each at most ten seconds; what does not arrive then is
 * dropped and counted. An exporter says truthfully whether a batch arrived.
 *
 * <p>Every five seconds a heartbeat of role {@code telemetry} tells the fleet that this instance
 * lives and how much it had to drop.
 */
public final class KafkaTelemetry implements AutoCloseable {

  private static final String ROLE = "telemetry";
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final int BUFFER_BYTES = 4 << 20;
  private static final Duration DELIVERY = Duration.ofSeconds(10);

  private final Outlet outlet;
  private final Origins origins;

  private KafkaTelemetry(Map<String, Object> kafka) {
    this.outlet = Outlet.open(new Plan(ROLE, HEARTBEAT, BUFFER_BYTES, DELIVERY, kafka));
    this.origins = new Origins(outlet::introduce);
  }

  /**
   * Connects in the background.
   *
   * @param bootstrapServers {@code host:port}, several of them separated by commas
   */
  public static KafkaTelemetry connect(String bootstrapServers) {
    return connect(Map.of("bootstrap.servers", bootstrapServers));
  }

  /**
   * Connects in the background. Heartbeats begin with the first export, which tells who this is.
   *
   * @param kafka settings of the Kafka producer, {@code bootstrap.servers} at least
   * @throws IllegalArgumentException if a setting cannot be
   */
  public static KafkaTelemetry connect(Map<String, Object> kafka) {
    return new KafkaTelemetry(kafka);
  }

  /**
   * Connects in the background. Heartbeats begin at once, so that a service that has nothing to
   * export can be told from one that is gone.
   *
   * @param resource the one that the OpenTelemetry SDK is given, with {@code service.instance.id}
   */
  public static KafkaTelemetry connect(Map<String, Object> kafka, Resource resource) {
    KafkaTelemetry telemetry = new KafkaTelemetry(kafka);
    telemetry.origins.introduce(resource);
    return telemetry;
  }

  /** Writes spans to {@code switchgear.spans}. */
  public SpanExporter spans() {
    return new KafkaSpanExporter(outlet, new SpanRecords(origins));
  }

  /**
   * Writes log records to {@code switchgear.logs}, but for those that this exporter's own Kafka
   * client causes.
   */
  public LogRecordExporter logs() {
    return new KafkaLogRecordExporter(
        outlet, new LogRecords(origins), new OwnLogs(outlet.clientId()));
  }

  /**
   * Writes metrics to {@code switchgear.metrics}. Asks the SDK for deltas where it has the choice:
   * they add up over instances and restarts.
   */
  public MetricExporter metrics() {
    return new KafkaMetricExporter(outlet, new MetricRecords(origins));
  }

  /**
   * Marks the spans of calls that a guard of this process counts, so that the detector does not
   * count them twice. Belongs before the processor that exports.
   */
  public SpanProcessor guardedSpans() {
    return new GuardedSpans();
  }

  /** Records dropped since the start: refused by Kafka or by a full buffer, or impossible. */
  public long dropped() {
    return outlet.dropped();
  }

  /** Sends what waits; gives up after five seconds. Belongs after the SDK is closed. */
  @Override
  public void close() {
    outlet.close();
  }
}
