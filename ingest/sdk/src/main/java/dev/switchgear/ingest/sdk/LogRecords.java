package dev.switchgear.ingest.sdk;

import dev.switchgear.ingest.outlet.Origin;
import dev.switchgear.ingest.outlet.Texts;
import dev.switchgear.schemas.LogEntry;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import java.util.Objects;

/** Makes records of the SDK's log records. Thread-safe. */
final class LogRecords {

  private final Origins origins;

  LogRecords(Origins origins) {
    this.origins = origins;
  }

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  LogEntry of(LogRecordData log) {
    Origin origin = origins.of(log.getResource());
    SpanContext span = log.getSpanContext();
    return LogEntry.newBuilder()
        .setAtEpochNanos(at(log))
        .setService(origin.service())
        .setInstance(origin.instance())
        .setServiceVersion(origin.version())
        .setTraceId(span.isValid() ? span.getTraceId() : null)
        .setSpanId(span.isValid() ? span.getSpanId() : null)
        .setSeverityNumber(log.getSeverity().getSeverityNumber())
        .setSeverity(severity(log))
        .setLogger(Texts.cut(log.getInstrumentationScopeInfo().getName(), Texts.NAME_CHARS))
        .setBody(body(log))
        .setAttributes(attributes(log).map())
        .build();
  }

  /** When it happened, else when it was seen. */
  private static long at(LogRecordData log) {
    long happened = log.getTimestampEpochNanos();
    return happened > 0 ? happened : log.getObservedTimestampEpochNanos();
  }

  /** As the logger calls it, else as OpenTelemetry does. */
  private static String severity(LogRecordData log) {
    boolean given = log.getSeverity().getSeverityNumber() > 0;
    String name = given ? log.getSeverity().name() : "";
    return Texts.cut(Objects.requireNonNullElse(log.getSeverityText(), name), Texts.NAME_CHARS);
  }

  private static String body(LogRecordData log) {
    var body = log.getBodyValue();
    return body == null ? "" : Texts.cut(body.asString(), Texts.BODY_CHARS);
  }

  private static Texts attributes(LogRecordData log) {
    Texts attributes = Texts.of(log.getAttributes());
    String event = log.getEventName();
    return event == null ? attributes : attributes.put("event.name", event);
  }
}
