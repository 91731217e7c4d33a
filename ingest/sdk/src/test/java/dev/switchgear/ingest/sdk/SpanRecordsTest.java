package dev.switchgear.ingest.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanStatus;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpanRecordsTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final String PARENT = "00f067aa0ba902b7";

  private final SpanRecords records = new SpanRecords(Known.origins());

  @Test
  void everyFieldIsFilled() {
    Span span =
        records.of(
            span(SpanKind.CLIENT)
                .setParentSpanContext(context(PARENT))
                .setStatus(StatusData.error())
                .setAttributes(
                    Attributes.builder()
                        .put("service.peer.name", "payments")
                        .put("rpc.method", "Charge")
                        .put("error.type", "timeout")
                        .put("switchgear.guarded", true)
                        .put("retries", 2)
                        .build())
                .build());

    assertThat(span)
        .isEqualTo(
            Span.newBuilder()
                .setDependency("payments")
                .setOperation("Charge")
                .setKind(dev.switchgear.schemas.SpanKind.CLIENT)
                .setStatus(SpanStatus.ERROR)
                .setErrorType("timeout")
                .setGuarded(true)
                .setStartEpochNanos(1_000)
                .setDurationNanos(500)
                .setService("checkout")
                .setInstance("checkout-1")
                .setServiceVersion("1.2")
                .setZone("eu-west-1a")
                .setRegion("eu-west-1")
                .setTraceId(TRACE)
                .setSpanId(SPAN)
                .setParentSpanId(PARENT)
                .setName("POST /charge")
                .setAttributes(
                    Map.of(
                        "service.peer.name", "payments",
                        "rpc.method", "Charge",
                        "error.type", "timeout",
                        "switchgear.guarded", "true",
                        "retries", "2"))
                .build());
  }

  @Test
  void whatASpanDoesNotSayStaysNull() {
    Span span = records.of(span(SpanKind.SERVER).build());

    assertThat(span.getDependency()).isNull();
    assertThat(span.getOperation()).isNull();
    assertThat(span.getErrorType()).isNull();
    assertThat(span.getParentSpanId()).isNull();
    assertThat(span.getGuarded()).isFalse();
    assertThat(span.getStatus()).isEqualTo(SpanStatus.UNSET);
  }

  @ParameterizedTest
  @EnumSource(SpanKind.class)
  void kindsKeepTheirNames(SpanKind kind) {
    assertThat(records.of(span(kind).build()).getKind().name()).isEqualTo(kind.name());
  }

  @Test
  void theLastRecordedExceptionIsTheErrorType() {
    Span span =
        records.of(
            span(SpanKind.CLIENT)
                .setStatus(StatusData.error())
                .setEvents(List.of(exception("Earlier"), exception("Later")))
                .build());

    assertThat(span.getErrorType()).isEqualTo("Later");
  }

  private static EventData exception(String type) {
    return EventData.create(
        1_200, "exception", Attributes.of(AttributeKey.stringKey("exception.type"), type));
  }

  private static TestSpanData.Builder span(SpanKind kind) {
    return TestSpanData.builder()
        .setResource(Known.RESOURCE)
        .setName("POST /charge")
        .setKind(kind)
        .setSpanContext(context(SPAN))
        .setStatus(StatusData.unset())
        .setStartEpochNanos(1_000)
        .setEndEpochNanos(1_500)
        .setHasEnded(true);
  }

  private static SpanContext context(String spanId) {
    return SpanContext.create(TRACE, spanId, TraceFlags.getSampled(), TraceState.getDefault());
  }
}
