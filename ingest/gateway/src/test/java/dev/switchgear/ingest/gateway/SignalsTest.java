package dev.switchgear.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.switchgear.ingest.outlet.Parcel;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.LogEntry;
import dev.switchgear.schemas.MetricKind;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.SpanStatus;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint.Buckets;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class SignalsTest {

  private static final ByteString TRACE = ByteString.fromHex("0af7651916cd43dd8448eb211c80319c");
  private static final ByteString SPAN = ByteString.fromHex("b7ad6b7169203331");
  private static final ByteString PARENT = ByteString.fromHex("00f067aa0ba902b7");

  private static final Resource CHECKOUT =
      Resource.newBuilder()
          .addAttributes(attribute("service.name", "checkout"))
          .addAttributes(attribute("service.instance.id", "checkout-1"))
          .addAttributes(attribute("service.version", "1.2"))
          .addAttributes(attribute("cloud.availability_zone", "eu-west-1a"))
          .addAttributes(attribute("cloud.region", "eu-west-1"))
          .build();

  private final Intake intake = new Intake();

  @Test
  void everyFieldOfASpanIsFilled() {
    read(
        span()
            .setKind(io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_CLIENT)
            .setParentSpanId(PARENT)
            .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR))
            .addAttributes(attribute("peer.service", "payments"))
            .addAttributes(attribute("db.operation.name", "SELECT"))
            .addEvents(
                io.opentelemetry.proto.trace.v1.Span.Event.newBuilder()
                    .setName("exception")
                    .addAttributes(attribute("exception.type", "Boom"))));

    assertThat(intake.parcels().get(0).message().key())
        .isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(only(Span.class))
        .isEqualTo(
            Span.newBuilder()
                .setDependency("payments")
                .setOperation("SELECT")
                .setKind(SpanKind.CLIENT)
                .setStatus(SpanStatus.ERROR)
                .setErrorType("Boom")
                .setStartEpochNanos(1_000)
                .setDurationNanos(500)
                .setService("checkout")
                .setInstance("checkout-1")
                .setServiceVersion("1.2")
                .setZone("eu-west-1a")
                .setRegion("eu-west-1")
                .setTraceId("0af7651916cd43dd8448eb211c80319c")
                .setSpanId("b7ad6b7169203331")
                .setParentSpanId("00f067aa0ba902b7")
                .setName("POST /charge")
                .setAttributes(Map.of("peer.service", "payments", "db.operation.name", "SELECT"))
                .build());
  }

  @Test
  void spansThatCannotBe_areRejectedAndTheOthersGoOn() {
    read(
        span().setTraceId(ByteString.EMPTY),
        span().setSpanId(ByteString.copyFrom(new byte[8])),
        span().setEndTimeUnixNano(1),
        span());

    assertThat(only(Span.class).getKind()).isEqualTo(SpanKind.INTERNAL);
    var response = (ExportTraceServiceResponse) new TraceSignal().response(intake);
    assertThat(response.getPartialSuccess().getRejectedSpans()).isEqualTo(3);
    assertThat(response.getPartialSuccess().getErrorMessage()).startsWith("trace_id of a span");
  }

  @Test
  void withoutRejections_theAnswerSaysNothing() {
    read(span());

    assertThat(new TraceSignal().response(intake))
        .isEqualTo(ExportTraceServiceResponse.getDefaultInstance());
  }

  @Test
  void everyFieldOfALogIsFilled() {
    read(
        LogRecord.newBuilder()
            .setTimeUnixNano(1_000)
            .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_WARN)
            .setBody(AnyValue.newBuilder().setStringValue("payments failed"))
            .setEventName("payment.failed")
            .addAttributes(attribute("order", "7"))
            .setTraceId(TRACE)
            .setSpanId(SPAN));

    assertThat(intake.parcels().get(0).message().key())
        .isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(only(LogEntry.class))
        .isEqualTo(
            LogEntry.newBuilder()
                .setAtEpochNanos(1_000)
                .setService("checkout")
                .setInstance("checkout-1")
                .setServiceVersion("1.2")
                .setTraceId("0af7651916cd43dd8448eb211c80319c")
                .setSpanId("b7ad6b7169203331")
                .setSeverityNumber(13)
                .setSeverity("WARN")
                .setLogger("com.example.Checkout")
                .setBody("payments failed")
                .setAttributes(Map.of("order", "7", "event.name", "payment.failed"))
                .build());
  }

  @Test
  void aLogThatSaysNearlyNothing_isOfNowAndOfItsInstance() {
    read(LogRecord.newBuilder().setTraceId(SPAN).setSeverityNumberValue(99));

    assertThat(intake.parcels().get(0).message().key()).isEqualTo("checkout-1");
    LogEntry entry = only(LogEntry.class);
    assertThat(entry.getTraceId()).isNull();
    assertThat(entry.getAtEpochNanos()).isPositive();
    assertThat(entry.getSeverityNumber()).isZero();
    assertThat(entry.getSeverity()).isEmpty();
  }

  @Test
  void gaugesAndSums() {
    NumberDataPoint whole =
        NumberDataPoint.newBuilder()
            .setStartTimeUnixNano(10)
            .setTimeUnixNano(20)
            .setAsInt(7)
            .build();
    NumberDataPoint real = whole.toBuilder().setAsDouble(7.5).build();
    read(
        metric("gauge").setGauge(Gauge.newBuilder().addDataPoints(whole)),
        metric("sum")
            .setSum(
                Sum.newBuilder()
                    .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                    .setIsMonotonic(true)
                    .addDataPoints(real)));

    List<MetricPoint> points = all(MetricPoint.class);
    assertThat(points.get(0).getKind()).isEqualTo(MetricKind.GAUGE);
    assertThat(points.get(0).getValue()).isEqualTo(7);
    assertThat(points.get(0).getUnit()).isEqualTo("s");
    assertThat(points.get(1).getKind()).isEqualTo(MetricKind.SUM);
    assertThat(points.get(1).getDelta()).isTrue();
    assertThat(points.get(1).getValue()).isEqualTo(7.5);
    assertThat(points.get(1).getStartEpochNanos()).isEqualTo(10);
  }

  @Test
  void histogramsOfBothKinds() {
    HistogramDataPoint explicit =
        HistogramDataPoint.newBuilder()
            .setTimeUnixNano(20)
            .setCount(3)
            .setSum(4.5)
            .addExplicitBounds(1)
            .addBucketCounts(1)
            .addBucketCounts(2)
            .build();
    ExponentialHistogramDataPoint exponential =
        ExponentialHistogramDataPoint.newBuilder()
            .setTimeUnixNano(20)
            .setCount(4)
            .setScale(3)
            .setZeroCount(1)
            .setPositive(Buckets.newBuilder().setOffset(-5).addBucketCounts(1).addBucketCounts(2))
            .build();
    read(
        metric("explicit")
            .setHistogram(
                io.opentelemetry.proto.metrics.v1.Histogram.newBuilder()
                    .setAggregationTemporality(
                        AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                    .addDataPoints(explicit)),
        metric("exponential")
            .setExponentialHistogram(
                ExponentialHistogram.newBuilder()
                    .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                    .addDataPoints(exponential)));

    List<MetricPoint> points = all(MetricPoint.class);
    assertThat(points.get(0).getBounds()).containsExactly(1.0);
    assertThat(points.get(0).getBoundCounts()).containsExactly(1L, 2L);
    assertThat(points.get(0).getDelta()).isFalse();
    assertThat(points.get(1).getExponential()).isEqualTo(new Histogram(3, 1L, -5, List.of(1L, 2L)));
    assertThat(points.get(1).getDelta()).isTrue();
  }

  @Test
  void pointsThatCannotBe_areRejected_andThoseWithoutValueSayNothing() {
    NumberDataPoint valid = NumberDataPoint.newBuilder().setTimeUnixNano(20).setAsInt(7).build();
    read(
        metric("old").setSummary(Summary.newBuilder().addDataPoints(SummaryDataPoint.newBuilder())),
        metric("gauge")
            .setGauge(
                Gauge.newBuilder()
                    .addDataPoints(valid.toBuilder().clearValue())
                    .addDataPoints(valid.toBuilder().setAsDouble(Double.NaN))
                    .addDataPoints(valid.toBuilder().setTimeUnixNano(-1))
                    .addDataPoints(valid.toBuilder().clearValue().setFlags(1))
                    .addDataPoints(valid)),
        metric("sum").setSum(Sum.newBuilder().addDataPoints(valid)),
        metric("").setGauge(Gauge.newBuilder().addDataPoints(valid)));

    assertThat(only(MetricPoint.class).getValue()).isEqualTo(7);
    var response = (ExportMetricsServiceResponse) new MetricSignal().response(intake);
    assertThat(response.getPartialSuccess().getRejectedDataPoints()).isEqualTo(6);
    assertThat(response.getPartialSuccess().getErrorMessage()).startsWith("old: a summary");
  }

  @Test
  void aRequestHasALimitOfRecords() {
    ScopeLogs.Builder scope = ScopeLogs.newBuilder();
    for (int i = 0; i <= Intake.LIMIT; i++) {
      scope.addLogRecords(LogRecord.getDefaultInstance());
    }
    var request =
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(ResourceLogs.newBuilder().addScopeLogs(scope))
            .build();

    assertThatThrownBy(() -> new LogSignal().read(request, intake))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("50000");
  }

  private void read(io.opentelemetry.proto.trace.v1.Span.Builder... spans) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    List.of(spans).forEach(scope::addSpans);
    new TraceSignal()
        .read(
            ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(
                    ResourceSpans.newBuilder().setResource(CHECKOUT).addScopeSpans(scope))
                .build(),
            intake);
  }

  private void read(LogRecord.Builder log) {
    Message request =
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .setResource(CHECKOUT)
                    .addScopeLogs(
                        ScopeLogs.newBuilder()
                            .setScope(
                                InstrumentationScope.newBuilder().setName("com.example.Checkout"))
                            .addLogRecords(log)))
            .build();
    new LogSignal().read(request, intake);
  }

  private void read(Metric.Builder... metrics) {
    ScopeMetrics.Builder scope = ScopeMetrics.newBuilder();
    List.of(metrics).forEach(scope::addMetrics);
    new MetricSignal()
        .read(
            ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(
                    ResourceMetrics.newBuilder().setResource(CHECKOUT).addScopeMetrics(scope))
                .build(),
            intake);
  }

  private <V extends SpecificRecord> V only(Class<V> type) {
    List<V> all = all(type);
    assertThat(all).hasSize(1);
    return all.get(0);
  }

  private <V extends SpecificRecord> List<V> all(Class<V> type) {
    var deserializer = Records.builtInOnly().deserializer(type);
    return intake.parcels().stream()
        .map(Parcel::message)
        .map(message -> deserializer.deserialize(message.topic(), message.value()))
        .toList();
  }

  private static io.opentelemetry.proto.trace.v1.Span.Builder span() {
    return io.opentelemetry.proto.trace.v1.Span.newBuilder()
        .setTraceId(TRACE)
        .setSpanId(SPAN)
        .setName("POST /charge")
        .setStartTimeUnixNano(1_000)
        .setEndTimeUnixNano(1_500);
  }

  private static Metric.Builder metric(String name) {
    return Metric.newBuilder().setName(name).setUnit("s");
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
