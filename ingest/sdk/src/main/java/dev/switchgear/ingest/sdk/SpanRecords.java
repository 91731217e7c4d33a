package dev.switchgear.ingest.sdk;

import dev.switchgear.ingest.outlet.Call;
import dev.switchgear.ingest.outlet.Origin;
import dev.switchgear.ingest.outlet.Texts;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.SpanStatus;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.jspecify.annotations.Nullable;

/** Makes records of the SDK's spans. Thread-safe. */
final class SpanRecords {

  private static final String EXCEPTION = "exception";
  private static final AttributeKey<String> EXCEPTION_TYPE =
      AttributeKey.stringKey("exception.type");

  private final Origins origins;

  SpanRecords(Origins origins) {
    this.origins = origins;
  }

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  Span of(SpanData span) {
    Origin origin = origins.of(span.getResource());
    Texts attributes = Texts.of(span.getAttributes());
    SpanKind kind = kind(span.getKind());
    SpanStatus status = status(span.getStatus().getStatusCode());
    Call call = Call.of(kind, status, attributes, recordedException(span));
    boolean root = !span.getParentSpanContext().isValid();
    return Span.newBuilder()
        .setDependency(call.dependency())
        .setOperation(call.operation())
        .setKind(kind)
        .setStatus(status)
        .setErrorType(call.errorType())
        .setGuarded(call.guarded())
        .setStartEpochNanos(span.getStartEpochNanos())
        .setDurationNanos(Call.durationNanos(span.getStartEpochNanos(), span.getEndEpochNanos()))
        .setService(origin.service())
        .setInstance(origin.instance())
        .setServiceVersion(origin.version())
        .setZone(origin.zone())
        .setRegion(origin.region())
        .setTraceId(span.getTraceId())
        .setSpanId(span.getSpanId())
        .setParentSpanId(root ? null : span.getParentSpanId())
        .setName(Texts.cut(span.getName(), Texts.NAME_CHARS))
        .setAttributes(attributes.map())
        .build();
  }

  private static SpanKind kind(io.opentelemetry.api.trace.SpanKind kind) {
    return switch (kind) {
      case INTERNAL -> SpanKind.INTERNAL;
      case SERVER -> SpanKind.SERVER;
      case CLIENT -> SpanKind.CLIENT;
      case PRODUCER -> SpanKind.PRODUCER;
      case CONSUMER -> SpanKind.CONSUMER;
    };
  }

  private static SpanStatus status(StatusCode code) {
    return switch (code) {
      case UNSET -> SpanStatus.UNSET;
      case OK -> SpanStatus.OK;
      case ERROR -> SpanStatus.ERROR;
    };
  }

  /** The last one is the one that ended the span. */
  private static @Nullable String recordedException(SpanData span) {
    String type = null;
    for (EventData event : span.getEvents()) {
      String recorded = event.getAttributes().get(EXCEPTION_TYPE);
      type = event.getName().equals(EXCEPTION) && recorded != null ? recorded : type;
    }
    return type;
  }
}
