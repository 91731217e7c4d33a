package dev.switchgear.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpJsonTest {

  @Test
  void spansAreReadByOtlpsRules() {
    Span span =
        span(
            """
            {"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"eee19b7ec3c1b174",
             "parentSpanId":"EEE19B7EC3C1B173","name":"I'm a server span","kind":2,
             "startTimeUnixNano":"1544712660000000000","endTimeUnixNano":1544712661000000000,
             "status":{"code":2,"message":null},"unknown":{"deep":[1,{"er":[]}]},
             "attributes":[{"key":"my.attr","value":{"stringValue":"some value"}}]}
            """);

    assertThat(span.getTraceId()).isEqualTo(bytes("5b8efff798038103d269b633813fc60c"));
    assertThat(span.getSpanId()).isEqualTo(bytes("eee19b7ec3c1b174"));
    assertThat(span.getParentSpanId()).isEqualTo(bytes("eee19b7ec3c1b173"));
    assertThat(span.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(span.getStartTimeUnixNano()).isEqualTo(1_544_712_660_000_000_000L);
    assertThat(span.getEndTimeUnixNano()).isEqualTo(1_544_712_661_000_000_000L);
    assertThat(span.getStatus().getCodeValue()).isEqualTo(2);
    assertThat(span.getAttributes(0).getValue().getStringValue()).isEqualTo("some value");
  }

  @Test
  void everyTypeOfValueIsRead() {
    assertThat(value("{\"boolValue\":true}").getBoolValue()).isTrue();
    assertThat(value("{\"intValue\":\"-9223372036854775808\"}").getIntValue())
        .isEqualTo(Long.MIN_VALUE);
    assertThat(value("{\"intValue\":1e3}").getIntValue()).isEqualTo(1_000);
    assertThat(value("{\"doubleValue\":1.5}").getDoubleValue()).isEqualTo(1.5);
    assertThat(value("{\"doubleValue\":\"NaN\"}").getDoubleValue()).isNaN();
    assertThat(value("{\"doubleValue\":\"-Infinity\"}").getDoubleValue())
        .isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(value("{\"bytesValue\":\"aGVsbG8=\"}").getBytesValue().toStringUtf8())
        .isEqualTo("hello");
    assertThat(
            value("{\"arrayValue\":{\"values\":[{\"stringValue\":\"a\"},{\"intValue\":\"1\"}]}}")
                .getArrayValue()
                .getValuesCount())
        .isEqualTo(2);
    assertThat(
            value("{\"kvlistValue\":{\"values\":[{\"key\":\"k\",\"value\":{}}]}}")
                .getKvlistValue()
                .getValues(0)
                .getKey())
        .isEqualTo("k");
  }

  @Test
  void metricsAreRead() {
    var request =
        (ExportMetricsServiceRequest)
            parse(
                """
                {"resourceMetrics":[{"scopeMetrics":[{"metrics":[
                 {"name":"m","sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[
                   {"asDouble":5,"timeUnixNano":"7","flags":1}]}},
                 {"name":"h","histogram":{"aggregationTemporality":2,"dataPoints":[
                   {"count":"18446744073709551615","sum":2.5,"bucketCounts":["1",2],
                    "explicitBounds":[1]}]}},
                 {"name":"e","exponentialHistogram":{"dataPoints":[
                   {"scale":-3,"positive":{"offset":-1,"bucketCounts":["4"]}}]}}
                ]}]}]}
                """,
                ExportMetricsServiceRequest.newBuilder());

    var metrics = request.getResourceMetrics(0).getScopeMetrics(0).getMetricsList();
    NumberDataPoint number = metrics.get(0).getSum().getDataPoints(0);
    assertThat(number.getAsDouble()).isEqualTo(5);
    assertThat(number.getFlags()).isEqualTo(1);
    HistogramDataPoint histogram = metrics.get(1).getHistogram().getDataPoints(0);
    assertThat(histogram.getCount()).isEqualTo(-1);
    assertThat(histogram.getBucketCountsList()).containsExactly(1L, 2L);
    assertThat(histogram.getExplicitBoundsList()).containsExactly(1.0);
    assertThat(metrics.get(2).getExponentialHistogram().getDataPoints(0).getScale()).isEqualTo(-3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "7",
        "{",
        "{} {}",
        "{\"resourceSpans\":{}}",
        "{\"resourceSpans\":[7]}",
        "{\"resourceSpans\":[null]}",
        "{\"resourceSpans\":[{\"schemaUrl\":7}]}",
      })
  void whatIsNoRequest_isRefused(String text) {
    assertThatThrownBy(() -> parse(text, ExportTraceServiceRequest.newBuilder()))
        .isInstanceOf(RequestException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"traceId\":\"xyz\"",
        "\"traceId\":7",
        "\"kind\":\"SPAN_KIND_SERVER\"",
        "\"kind\":4294967296",
        "\"startTimeUnixNano\":\"-1\"",
        "\"startTimeUnixNano\":1.5",
        "\"startTimeUnixNano\":\"1e999999999\"",
        "\"startTimeUnixNano\":true",
        "\"name\":{}",
        "\"events\":\"none\"",
      })
  void whatIsNoFieldOfASpan_isRefusedByItsNameAndPlace(String field) {
    String name = field.substring(1, field.indexOf('"', 1));

    assertThatThrownBy(() -> span("{" + field + "}"))
        .isInstanceOf(RequestException.class)
        .hasMessageMatching("(?s)" + name + " at line \\d+, column \\d+ \\(expected: .*\\)");
  }

  @Test
  void nestingHasALimit() {
    String nested =
        "{\"arrayValue\":{\"values\":[".repeat(200) + "{\"boolValue\":true}" + "]}}".repeat(200);

    assertThatThrownBy(() -> value(nested)).isInstanceOf(RequestException.class);
  }

  @Test
  void answersAreWritten() {
    var response =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(2)
                    .setErrorMessage("a \"reason\""));

    assertThat(OtlpJson.write(response.build()).toStringUtf8())
        .isEqualTo(
            "{\"partialSuccess\":{\"rejectedSpans\":\"2\",\"errorMessage\":\"a \\\"reason\\\"\"}}");
    assertThat(OtlpJson.write(ExportTraceServiceResponse.getDefaultInstance()).toStringUtf8())
        .isEqualTo("{}");
    assertThat(OtlpJson.status(3, "why").toStringUtf8())
        .isEqualTo("{\"code\":3,\"message\":\"why\"}");
  }

  private static Span span(String json) {
    var request =
        (ExportTraceServiceRequest)
            parse(
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + json + "]}]}]}",
                ExportTraceServiceRequest.newBuilder());
    return request.getResourceSpans(0).getScopeSpans(0).getSpans(0);
  }

  private static AnyValue value(String json) {
    return span("{\"attributes\":[{\"key\":\"k\",\"value\":" + json + "}]}")
        .getAttributes(0)
        .getValue();
  }

  private static Message parse(String json, Message.Builder into) {
    return OtlpJson.parse(json.getBytes(StandardCharsets.UTF_8), into);
  }

  private static ByteString bytes(String hexadecimal) {
    return ByteString.fromHex(hexadecimal);
  }
}
