package dev.switchgear.ingest.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.SpanKind;
import org.junit.jupiter.api.Test;

class OtlpJsonLineTest {

  @Test
  void spansOfALineAreRead_andThoseThatMakeNoSenseAreCounted() {
    OtlpJsonLine line =
        OtlpJsonLine.read(
            """
            {"resourceSpans":[{"resource":{"attributes":[
              {"key":"service.name","value":{"stringValue":"checkout"}}]},
             "scopeSpans":[{"spans":[
              {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","kind":3,
               "startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712660100000000",
               "attributes":[{"key":"service.peer.name","value":{"stringValue":"payments"}}]},
              {"traceId":"","spanId":"eee19b7ec3c1b174","kind":3}]}]}]}
            """
                .replace("\n", ""));

    assertThat(line.rejected()).isEqualTo(1);
    assertThat(line.spans())
        .singleElement()
        .satisfies(
            span -> {
              assertThat(span.getService()).isEqualTo("checkout");
              assertThat(span.getDependency()).isEqualTo("payments");
              assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
              assertThat(span.getDurationNanos()).isEqualTo(100_000_000);
            });
  }

  @Test
  void pointsOfALineAreRead_andThoseThatMakeNoSenseAreCounted() {
    OtlpJsonLine line =
        OtlpJsonLine.read(
            """
            {"resourceMetrics":[{"resource":{"attributes":[
              {"key":"service.name","value":{"stringValue":"checkout"}}]},
             "scopeMetrics":[{"metrics":[
              {"name":"http.client.request.duration","unit":"s","histogram":{
               "aggregationTemporality":1,"dataPoints":[
               {"startTimeUnixNano":"1544712600000000000","timeUnixNano":"1544712660000000000",
                "count":"3","sum":0.3,"explicitBounds":[0.1],"bucketCounts":["1","2"],
                "attributes":[{"key":"server.address","value":{"stringValue":"payments"}}]}]}},
              {"name":"odd","summary":{"dataPoints":[{"timeUnixNano":"1544712660000000000"}]}}]}]}]}
            """
                .replace("\n", ""));

    assertThat(line.spans()).isEmpty();
    assertThat(line.rejected()).isEqualTo(1);
    assertThat(line.metrics())
        .singleElement()
        .satisfies(
            point -> {
              assertThat(point.getService()).isEqualTo("checkout");
              assertThat(point.getAttributes()).containsEntry("server.address", "payments");
              assertThat(point.getBoundCounts()).containsExactly(1L, 2L);
            });
  }

  @Test
  void aLineOfLogsHoldsNeither() {
    OtlpJsonLine line = OtlpJsonLine.read("{\"resourceLogs\":[]}");
    assertThat(line.spans()).isEmpty();
    assertThat(line.metrics()).isEmpty();
  }

  @Test
  void aLineThatIsNoOtlp_isRefusedWithItsPlace() {
    assertThatThrownBy(() -> OtlpJsonLine.read("{\"resourceSpans\":7}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("resourceSpans at line 1, column 18 (expected: an array)");
  }
}
