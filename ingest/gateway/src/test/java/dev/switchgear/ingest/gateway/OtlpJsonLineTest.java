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
  void aLineOfMetricsHoldsNoSpans() {
    assertThat(OtlpJsonLine.read("{\"resourceMetrics\":[]}").spans()).isEmpty();
  }

  @Test
  void aLineThatIsNoOtlp_isRefusedWithItsPlace() {
    assertThatThrownBy(() -> OtlpJsonLine.read("{\"resourceSpans\":7}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("resourceSpans at line 1, column 18 (expected: an array)");
  }
}
