package dev.switchgear.ingest.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.LogEntry;
import dev.switchgear.schemas.MetricKind;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanStatus;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.Eventually;
import dev.switchgear.schemas.testing.FreePort;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.KafkaProbe.Keyed;
import dev.switchgear.schemas.testing.TestKafka;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.instrumentation.logback.appender.v1_0.OpenTelemetryAppender;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.MarkerFactory;

@Timeout(120)
class KafkaTelemetryIT {

  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final Logger LOG = LoggerFactory.getLogger("com.example.Checkout");

  private static TestKafka kafka;
  private static KafkaProbe probe;

  @BeforeAll
  static void startKafka() {
    kafka = TestKafka.start();
    TopicProvisioning.provision(Map.of("bootstrap.servers", kafka.bootstrapServers()), List.of());
    probe = new KafkaProbe(kafka.bootstrapServers());
  }

  @AfterAll
  static void stopKafka() {
    probe.close();
    kafka.close();
  }

  @Test
  void spansArrive_underTheirTrace() {
    try (KafkaTelemetry telemetry = KafkaTelemetry.connect(kafka.bootstrapServers());
        OpenTelemetrySdk sdk = sdk(telemetry, resource("spans-1"))) {
      var span =
          sdk.getTracer("test")
              .spanBuilder("POST /charge")
              .setSpanKind(SpanKind.CLIENT)
              .setAttribute("service.peer.name", "payments")
              .startSpan();
      span.setStatus(StatusCode.ERROR).recordException(new IllegalStateException("down")).end();
      CompletableResultCode flushed = sdk.getSdkTracerProvider().forceFlush();
      assertThat(flushed.join(BOUND.toSeconds(), TimeUnit.SECONDS).isSuccess()).isTrue();

      List<Keyed<Span>> read =
          probe.read(Topics.SPANS, each -> each.getInstance().equals("spans-1"), 1);

      assertThat(read.get(0).key()).isEqualTo(span.getSpanContext().getTraceId());
      Span record = read.get(0).value();
      assertThat(record.getDependency()).isEqualTo("payments");
      assertThat(record.getStatus()).isEqualTo(SpanStatus.ERROR);
      assertThat(record.getErrorType()).isEqualTo("java.lang.IllegalStateException");
      assertThat(record.getSpanId()).isEqualTo(span.getSpanContext().getSpanId());
      assertThat(telemetry.dropped()).isZero();
    }
  }

  @Test
  @SuppressWarnings("try") // The scopes are there to be closed.
  void logsOfLogbackArrive_withAllThatTheySay() {
    try (KafkaTelemetry telemetry = KafkaTelemetry.connect(kafka.bootstrapServers());
        OpenTelemetrySdk sdk = sdk(telemetry, resource("logs-1"))) {
      OpenTelemetryAppender.install(sdk);
      var span = sdk.getTracer("test").spanBuilder("request").startSpan();
      try (Scope scope = span.makeCurrent();
          var customer = MDC.putCloseable("customer", "anna")) {
        LOG.atWarn()
            .addMarker(MarkerFactory.getMarker("AUDIT"))
            .addKeyValue("error.type", "timeout")
            .addKeyValue("attempt", 2)
            .setCause(new IllegalStateException("down"))
            .log("{} failed", "payments");
      }
      LOG.error("outside of any trace");
      OpenTelemetryAppender.install(OpenTelemetry.noop());

      List<Keyed<LogEntry>> read =
          probe.read(
              Topics.LOGS,
              each -> each.getInstance().equals("logs-1") && each.getLogger().equals(LOG.getName()),
              2);

      Keyed<LogEntry> traced =
          read.stream().filter(each -> each.value().getTraceId() != null).findAny().orElseThrow();
      String traceId = span.getSpanContext().getTraceId();
      assertThat(traced.key()).isEqualTo(traceId);
      LogEntry entry = traced.value();
      assertThat(entry.getTraceId()).isEqualTo(traceId);
      assertThat(entry.getSpanId()).isEqualTo(span.getSpanContext().getSpanId());
      assertThat(entry.getService()).isEqualTo("checkout");
      assertThat(entry.getSeverity()).isEqualTo("WARN");
      assertThat(entry.getSeverityNumber()).isEqualTo(13);
      assertThat(entry.getBody()).isEqualTo("payments failed");
      assertThat(entry.getAttributes())
          .containsEntry("customer", "anna")
          .containsEntry("error.type", "timeout")
          .containsEntry("attempt", "2")
          .containsEntry("logback.marker", "[\"AUDIT\"]")
          .containsEntry("exception.type", "java.lang.IllegalStateException")
          .containsEntry("exception.message", "down")
          .hasEntrySatisfying(
              "exception.stacktrace", each -> assertThat(each).contains("KafkaTelemetryIT"));
      assertThat(read)
          .filteredOn(each -> each.value().getTraceId() == null)
          .singleElement()
          .satisfies(
              untraced -> {
                assertThat(untraced.key()).isEqualTo("logs-1");
                assertThat(untraced.value().getBody()).isEqualTo("outside of any trace");
              });
    }
  }

  @Test
  void metricsOfEachKindArrive_underTheirInstance() {
    try (KafkaTelemetry telemetry = KafkaTelemetry.connect(kafka.bootstrapServers());
        OpenTelemetrySdk sdk = sdk(telemetry, resource("metrics-1"))) {
      var meter = sdk.getMeter("test");
      Attributes attributes = Attributes.of(AttributeKey.stringKey("route"), "/charge");
      meter.counterBuilder("requests").build().add(3, attributes);
      meter.upDownCounterBuilder("in-flight").build().add(2, attributes);
      meter.gaugeBuilder("load").build().set(0.5, attributes);
      meter.histogramBuilder("duration").setUnit("s").build().record(0.2, attributes);
      meter.histogramBuilder("exponential").setUnit("s").build().record(0.2, attributes);
      sdk.getSdkMeterProvider().forceFlush().join(BOUND.toSeconds(), TimeUnit.SECONDS);

      List<Keyed<MetricPoint>> read =
          probe.read(Topics.METRICS, each -> each.getInstance().equals("metrics-1"), 5);

      assertThat(read).extracting(Keyed::key).containsOnly("metrics-1");
      assertThat(read)
          .extracting(each -> each.value().getAttributes().get("route"))
          .containsOnly("/charge");
      MetricPoint requests = named(read, "requests");
      assertThat(requests.getKind()).isEqualTo(MetricKind.SUM);
      assertThat(requests.getDelta()).isTrue();
      assertThat(requests.getValue()).isEqualTo(3);
      assertThat(named(read, "in-flight").getKind()).isEqualTo(MetricKind.GAUGE);
      assertThat(named(read, "load").getValue()).isEqualTo(0.5);
      assertThat(named(read, "duration").getBoundCounts()).contains(1L);
      assertThat(named(read, "exponential").getExponential().getCounts()).containsExactly(1L);
    }
  }

  @Test
  void heartbeatsComeOfOneWhoHasNothingToExport_andSoDoSchemas() {
    int announced = SchemaDirectory.announcements().size();
    long before = probe.end(Topics.SCHEMAS);

    try (KafkaTelemetry telemetry =
        KafkaTelemetry.connect(
            Map.of("bootstrap.servers", kafka.bootstrapServers()), resource("idle-1"))) {
      List<Keyed<Heartbeat>> beats =
          probe.read(Topics.HEARTBEATS, each -> each.getInstance().equals("idle-1"), 1);

      assertThat(beats.get(0).key()).isEqualTo("telemetry/idle-1");
      assertThat(beats.get(0).value().getRole()).isEqualTo("telemetry");
      assertThat(beats.get(0).value().getService()).isEqualTo("checkout");
      assertThat(beats.get(0).value().getVersion()).isEqualTo("1.4");
      Eventually.holds("schemas", () -> probe.end(Topics.SCHEMAS) >= before + announced);
      assertThat(telemetry.dropped()).isZero();
    }
  }

  @Test
  void aBatchThatIsClosedRightAfterwards_arrives() {
    try (KafkaTelemetry telemetry = KafkaTelemetry.connect(kafka.bootstrapServers());
        OpenTelemetrySdk sdk = sdk(telemetry, resource("short-1"))) {
      for (int i = 0; i < 100; i++) {
        sdk.getTracer("test").spanBuilder("request").startSpan().end();
      }
    }

    assertThat(probe.read(Topics.SPANS, each -> each.getInstance().equals("short-1"), 100))
        .hasSize(100);
  }

  @Test
  void kafkaIsAway_exportsFailTruthfullyAndAreCounted() throws Exception {
    try (KafkaTelemetry telemetry = KafkaTelemetry.connect("127.0.0.1:" + FreePort.find())) {
      List<SpanData> spans = List.of(span(), span());

      CompletableResultCode result = telemetry.spans().export(spans);

      assertThat(result.join(BOUND.toSeconds(), TimeUnit.SECONDS).isDone()).isTrue();
      assertThat(result.isSuccess()).isFalse();
      assertThat(telemetry.dropped()).isEqualTo(2);
    }
  }

  @Test
  void theClusterDoesNotResolve_exportsFailAndNothingElseDoes() {
    try (KafkaTelemetry telemetry = KafkaTelemetry.connect("no-such-host.invalid:9092")) {
      CompletableResultCode result = telemetry.spans().export(List.of(span()));

      assertThat(result.join(BOUND.toSeconds(), TimeUnit.SECONDS).isDone()).isTrue();
      assertThat(result.isSuccess()).isFalse();
      assertThat(telemetry.dropped()).isEqualTo(1);
    }
  }

  @Test
  void moreThanTheBufferHolds_isRefusedAtOnce() throws Exception {
    try (KafkaTelemetry telemetry = KafkaTelemetry.connect("127.0.0.1:" + FreePort.find())) {
      List<SpanData> spans = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        spans.add(span());
      }

      CompletableResultCode result = telemetry.spans().export(spans);

      assertThat(result.isDone()).isTrue();
      assertThat(result.isSuccess()).isFalse();
      assertThat(telemetry.dropped()).isEqualTo(20_000);
    }
  }

  @Test
  void afterShutdown_exportsFail() {
    try (KafkaTelemetry telemetry = KafkaTelemetry.connect(kafka.bootstrapServers())) {
      var exporter = telemetry.spans();
      assertThat(exporter.shutdown().join(BOUND.toSeconds(), TimeUnit.SECONDS).isSuccess())
          .isTrue();

      assertThat(exporter.export(List.of(span())).isSuccess()).isFalse();
      assertThat(telemetry.spans().export(List.of(span())).join(30, TimeUnit.SECONDS).isSuccess())
          .isTrue();
    }
  }

  @Test
  void oneSpanThatCannotBe_doesNotLoseItsNeighbours() {
    try (KafkaTelemetry telemetry = KafkaTelemetry.connect(kafka.bootstrapServers())) {
      CompletableResultCode result =
          telemetry.spans().export(List.of(span(1_000, 500), span(1_000, 1_500)));

      assertThat(result.join(BOUND.toSeconds(), TimeUnit.SECONDS).isDone()).isTrue();
      assertThat(result.isSuccess()).isFalse();
      assertThat(telemetry.dropped()).isEqualTo(1);
    }
  }

  @Test
  void theKafkaClientsOwnComplaints_areNotExported() throws Exception {
    ListAppender<ILoggingEvent> complaints = new ListAppender<>();
    complaints.start();
    var kafkaLogger =
        (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("org.apache.kafka.clients");
    kafkaLogger.addAppender(complaints);
    try (KafkaTelemetry telemetry = KafkaTelemetry.connect("127.0.0.1:" + FreePort.find());
        OpenTelemetrySdk sdk = sdk(telemetry, resource("looping-1"))) {
      OpenTelemetryAppender.install(sdk);
      LOG.warn("the only line");
      Eventually.holds("complaints", () -> List.copyOf(complaints.list).size() >= 5);
      Eventually.holds("dropped", () -> telemetry.dropped() >= 1);

      // The line itself and the one that tells of it.
      assertThat(telemetry.dropped()).isLessThanOrEqualTo(2);
    } finally {
      OpenTelemetryAppender.install(OpenTelemetry.noop());
      kafkaLogger.detachAppender(complaints);
    }
  }

  private static OpenTelemetrySdk sdk(KafkaTelemetry telemetry, Resource resource) {
    return OpenTelemetrySdk.builder()
        .setTracerProvider(
            SdkTracerProvider.builder()
                .setResource(resource)
                .addSpanProcessor(telemetry.guardedSpans())
                .addSpanProcessor(BatchSpanProcessor.builder(telemetry.spans()).build())
                .build())
        .setLoggerProvider(
            SdkLoggerProvider.builder()
                .setResource(resource)
                .addLogRecordProcessor(SimpleLogRecordProcessor.create(telemetry.logs()))
                .build())
        .setMeterProvider(
            SdkMeterProvider.builder()
                .setResource(resource)
                .registerMetricReader(PeriodicMetricReader.create(telemetry.metrics()))
                .registerView(
                    InstrumentSelector.builder().setName("exponential").build(),
                    View.builder()
                        .setAggregation(Aggregation.base2ExponentialBucketHistogram())
                        .build())
                .build())
        .build();
  }

  private static Resource resource(String instance) {
    return Resource.builder()
        .put("service.name", "checkout")
        .put("service.version", "1.4")
        .put("service.instance.id", instance)
        .build();
  }

  private static SpanData span() {
    return span(1_000, 1_500);
  }

  private static SpanData span(long startEpochNanos, long endEpochNanos) {
    return TestSpanData.builder()
        .setResource(Known.RESOURCE)
        .setName("request")
        .setKind(SpanKind.SERVER)
        .setStatus(StatusData.unset())
        .setStartEpochNanos(startEpochNanos)
        .setEndEpochNanos(endEpochNanos)
        .setHasEnded(true)
        .build();
  }

  private static MetricPoint named(List<Keyed<MetricPoint>> read, String name) {
    return read.stream()
        .map(Keyed::value)
        .filter(each -> each.getName().equals(name))
        .findAny()
        .orElseThrow();
  }
}
