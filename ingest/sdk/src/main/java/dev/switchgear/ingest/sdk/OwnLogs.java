package dev.switchgear.ingest.sdk;

import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.sdk.logs.data.LogRecordData;

/**
 * Knows the log lines that sending logs causes. Exporting them would cause more: a line for each
 * line, for ever. Kafka's client names itself in its lines; of those it writes for each record or
 * request some do not, but they are below INFO.
 */
final class OwnLogs {

  private static final String KAFKA = "org.apache.kafka.";

  private final String name;

  /**
   * Those of one Kafka client.
   *
   * @param clientId how it names itself
   */
  OwnLogs(String clientId) {
    this.name = clientId;
  }

  boolean include(LogRecordData log) {
    return log.getInstrumentationScopeInfo().getName().startsWith(KAFKA)
        && (isDetail(log.getSeverity()) || names(log));
  }

  private static boolean isDetail(Severity severity) {
    int number = severity.getSeverityNumber();
    return number > 0 && number < Severity.INFO.getSeverityNumber();
  }

  private boolean names(LogRecordData log) {
    var body = log.getBodyValue();
    return body != null && body.asString().contains(name);
  }
}
