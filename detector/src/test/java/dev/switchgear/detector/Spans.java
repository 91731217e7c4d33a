package dev.switchgear.detector;

import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.SpanStatus;
import java.time.Duration;

/** Spans of a service that only has OpenTelemetry. */
final class Spans {

  private Spans() {}

  /** A call that was answered in 20 ms, just before now. */
  static Span.Builder answered(String traceId, long nowMillis) {
    Duration took = Duration.ofMillis(20);
    return Span.newBuilder()
        .setDependency("payments")
        .setOperation("charge")
        .setKind(SpanKind.CLIENT)
        .setStatus(SpanStatus.UNSET)
        .setStartEpochNanos((nowMillis - took.toMillis()) * 1_000_000)
        .setDurationNanos(took.toNanos())
        .setService("checkout")
        .setInstance("checkout-1")
        .setServiceVersion("1.2")
        .setTraceId(traceId)
        .setSpanId("0000000000000001")
        .setName("POST");
  }

  /** A call that failed. */
  static Span.Builder failed(String traceId, long nowMillis) {
    return answered(traceId, nowMillis).setStatus(SpanStatus.ERROR).setErrorType("503");
  }
}
