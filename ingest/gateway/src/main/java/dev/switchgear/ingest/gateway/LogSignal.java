package dev.switchgear.ingest.gateway;

import com.google.protobuf.Message;
import dev.switchgear.ingest.outlet.Origin;
import dev.switchgear.ingest.outlet.Parcel;
import dev.switchgear.ingest.outlet.Texts;
import dev.switchgear.schemas.LogEntry;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Log records. */
final class LogSignal implements Signal {

  private static final int TRACE_ID_BYTES = 16;
  private static final int SPAN_ID_BYTES = 8;
  private static final String SEVERITY_PREFIX = "SEVERITY_NUMBER_";

  private final Clock clock = Clock.systemUTC();

  @Override
  public String path() {
    return "/v1/logs";
  }

  @Override
  public Message.Builder request() {
    return ExportLogsServiceRequest.newBuilder();
  }

  @Override
  public void read(Message request, Intake intake) {
    for (ResourceLogs each : ((ExportLogsServiceRequest) request).getResourceLogsList()) {
      Origin origin = Otlp.origin(each.getResource());
      for (ScopeLogs scope : each.getScopeLogsList()) {
        String logger = Texts.cut(scope.getScope().getName(), Texts.NAME_CHARS);
        scope
            .getLogRecordsList()
            .forEach(log -> intake.take(() -> Parcel.of(record(origin, logger, log))));
      }
    }
  }

  @Override
  public Message response(Intake intake) {
    var response = ExportLogsServiceResponse.newBuilder();
    if (intake.rejected() > 0) {
      response.setPartialSuccess(
          ExportLogsPartialSuccess.newBuilder()
              .setRejectedLogRecords(intake.rejected())
              .setErrorMessage(intake.reason()));
    }
    return response.build();
  }

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  private LogEntry record(Origin origin, String logger, LogRecord log) {
    return LogEntry.newBuilder()
        .setAtEpochNanos(at(log))
        .setService(origin.service())
        .setInstance(origin.instance())
        .setServiceVersion(origin.version())
        .setTraceId(Otlp.id(log.getTraceId(), TRACE_ID_BYTES))
        .setSpanId(Otlp.id(log.getSpanId(), SPAN_ID_BYTES))
        .setSeverityNumber(severityNumber(log))
        .setSeverity(severity(log))
        .setLogger(logger)
        .setBody(Texts.cut(Otlp.text(log.getBody()), Texts.BODY_CHARS))
        .setAttributes(attributes(log).map())
        .build();
  }

  /** When it happened, else when it was seen, else now. */
  private long at(LogRecord log) {
    if (log.getTimeUnixNano() > 0) {
      return log.getTimeUnixNano();
    }
    return log.getObservedTimeUnixNano() > 0
        ? log.getObservedTimeUnixNano()
        : ChronoUnit.NANOS.between(Instant.EPOCH, clock.instant());
  }

  /** As the logger calls it, else as OpenTelemetry does. */
  private static String severity(LogRecord log) {
    if (!log.getSeverityText().isEmpty()) {
      return Texts.cut(log.getSeverityText(), Texts.NAME_CHARS);
    }
    return severityNumber(log) == 0
        ? ""
        : log.getSeverityNumber().name().substring(SEVERITY_PREFIX.length());
  }

  /** 0 for numbers that OpenTelemetry does not have. */
  private static int severityNumber(LogRecord log) {
    return log.getSeverityNumber() == SeverityNumber.UNRECOGNIZED
        ? 0
        : log.getSeverityNumberValue();
  }

  private static Texts attributes(LogRecord log) {
    Texts attributes = Otlp.texts(log.getAttributesList());
    return log.getEventName().isEmpty()
        ? attributes
        : attributes.put("event.name", log.getEventName());
  }
}
