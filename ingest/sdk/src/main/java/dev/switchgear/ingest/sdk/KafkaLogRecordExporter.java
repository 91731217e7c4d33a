package dev.switchgear.ingest.sdk;

import dev.switchgear.ingest.outlet.Outlet;
import dev.switchgear.ingest.outlet.Parcel;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import java.util.Collection;
import java.util.List;

/** Log records to Kafka, but for those that sending them causes. */
final class KafkaLogRecordExporter implements LogRecordExporter {

  private final Exporting exporting;
  private final LogRecords records;
  private final OwnLogs own;

  KafkaLogRecordExporter(Outlet outlet, LogRecords records, OwnLogs own) {
    this.exporting = new Exporting(outlet);
    this.records = records;
    this.own = own;
  }

  @Override
  public CompletableResultCode export(Collection<LogRecordData> logs) {
    List<LogRecordData> others = logs.stream().filter(each -> !own.include(each)).toList();
    return exporting.export(others, log -> Parcel.of(records.of(log)));
  }

  @Override
  public CompletableResultCode flush() {
    return exporting.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporting.shutDown();
  }
}
