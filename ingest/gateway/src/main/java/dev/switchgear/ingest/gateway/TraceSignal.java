package dev.switchgear.ingest.gateway;

import com.google.protobuf.Message;
import dev.switchgear.ingest.outlet.Call;
import dev.switchgear.ingest.outlet.Origin;
import dev.switchgear.ingest.outlet.Parcel;
import dev.switchgear.ingest.outlet.Texts;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.SpanStatus;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Status;
import org.jspecify.annotations.Nullable;

/** Spans. */
final class TraceSignal implements Signal {

  private static final int TRACE_ID_BYTES = 16;
  private static final int SPAN_ID_BYTES = 8;

  @Override
  public String path() {
    return "/v1/traces";
  }

  @Override
  public Message.Builder request() {
    return ExportTraceServiceRequest.newBuilder();
  }

  @Override
  public void read(Message request, Intake intake) {
    for (ResourceSpans each : ((ExportTraceServiceRequest) request).getResourceSpansList()) {
      Origin origin = Otlp.origin(each.getResource());
      each.getScopeSpansList().stream()
          .flatMap(scope -> scope.getSpansList().stream())
          .forEach(span -> intake.take(() -> Parcel.of(record(origin, span))));
    }
  }

  @Override
  public Message response(Intake intake) {
    var response = ExportTraceServiceResponse.newBuilder();
    if (intake.rejected() > 0) {
      response.setPartialSuccess(
          ExportTracePartialSuccess.newBuilder()
              .setRejectedSpans(intake.rejected())
              .setErrorMessage(intake.reason()));
    }
    return response.build();
  }

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  private static Span record(Origin origin, io.opentelemetry.proto.trace.v1.Span span) {
    Texts attributes = Otlp.texts(span.getAttributesList());
    SpanKind kind = kind(span.getKind());
    SpanStatus status = status(span.getStatus().getCode());
    Call call = Call.of(kind, status, attributes, recordedException(span));
    long start = span.getStartTimeUnixNano();
    return Span.newBuilder()
        .setDependency(call.dependency())
        .setOperation(call.operation())
        .setKind(kind)
        .setStatus(status)
        .setErrorType(call.errorType())
        .setGuarded(call.guarded())
        .setStartEpochNanos(start)
        .setDurationNanos(Call.durationNanos(start, span.getEndTimeUnixNano()))
        .setService(origin.service())
        .setInstance(origin.instance())
        .setServiceVersion(origin.version())
        .setZone(origin.zone())
        .setRegion(origin.region())
        .setTraceId(needed("trace_id", Otlp.id(span.getTraceId(), TRACE_ID_BYTES)))
        .setSpanId(needed("span_id", Otlp.id(span.getSpanId(), SPAN_ID_BYTES)))
        .setParentSpanId(Otlp.id(span.getParentSpanId(), SPAN_ID_BYTES))
        .setName(Texts.cut(span.getName(), Texts.NAME_CHARS))
        .setAttributes(attributes.map())
        .build();
  }

  private static String needed(String what, @Nullable String id) {
    if (id == null) {
      throw new IllegalArgumentException(
          what
              + " of a span: missing or invalid (expected: 16 bytes for a trace, 8 for a span,"
              + " not all zero)");
    }
    return id;
  }

  /** What has no kind is internal, as OTLP says. */
  private static SpanKind kind(io.opentelemetry.proto.trace.v1.Span.SpanKind kind) {
    return switch (kind) {
      case SPAN_KIND_UNSPECIFIED, SPAN_KIND_INTERNAL -> SpanKind.INTERNAL;
      case SPAN_KIND_SERVER -> SpanKind.SERVER;
      case SPAN_KIND_CLIENT -> SpanKind.CLIENT;
      case SPAN_KIND_PRODUCER -> SpanKind.PRODUCER;
      case SPAN_KIND_CONSUMER -> SpanKind.CONSUMER;
      case UNRECOGNIZED -> SpanKind.UNKNOWN;
    };
  }

  private static SpanStatus status(Status.StatusCode code) {
    return switch (code) {
      case STATUS_CODE_UNSET -> SpanStatus.UNSET;
      case STATUS_CODE_OK -> SpanStatus.OK;
      case STATUS_CODE_ERROR -> SpanStatus.ERROR;
      case UNRECOGNIZED -> SpanStatus.UNKNOWN;
    };
  }

  /** The last one is the one that ended the span. */
  private static @Nullable String recordedException(io.opentelemetry.proto.trace.v1.Span span) {
    return span.getEventsList().stream()
        .filter(event -> event.getName().equals("exception"))
        .flatMap(event -> event.getAttributesList().stream())
        .filter(attribute -> attribute.getKey().equals("exception.type"))
        .map(attribute -> Otlp.text(attribute.getValue()))
        .reduce((earlier, later) -> later)
        .orElse(null);
  }
}
