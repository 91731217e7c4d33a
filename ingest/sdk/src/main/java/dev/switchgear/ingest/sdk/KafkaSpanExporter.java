package dev.switchgear.ingest.sdk;

import dev.switchgear.ingest.outlet.Outlet;
import dev.switchgear.ingest.outlet.Parcel;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/** Spans to Kafka. */
final class KafkaSpanExporter implements SpanExporter {

  private final Exporting exporting;
  private final SpanRecords records;

  KafkaSpanExporter(Outlet outlet, SpanRecords records) {
    this.exporting = new Exporting(outlet);
    this.records = records;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    return exporting.export(spans, span -> Parcel.of(records.of(span)));
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
