package dev.switchgear.ingest.sdk;

import dev.switchgear.ingest.outlet.Outlet;
import dev.switchgear.ingest.outlet.Parcel;
import dev.switchgear.ingest.sdk.MetricRecords.Point;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.Collection;
import java.util.List;

/** Metrics to Kafka, a record for each point. */
final class KafkaMetricExporter implements MetricExporter {

  private static final AggregationTemporalitySelector TEMPORALITY =
      AggregationTemporalitySelector.deltaPreferred();

  private final Exporting exporting;
  private final MetricRecords records;

  KafkaMetricExporter(Outlet outlet, MetricRecords records) {
    this.exporting = new Exporting(outlet);
    this.records = records;
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType instrumentType) {
    return TEMPORALITY.getAggregationTemporality(instrumentType);
  }

  @Override
  public CompletableResultCode export(Collection<MetricData> metrics) {
    List<Point> points = metrics.stream().flatMap(MetricRecords::points).toList();
    return exporting.export(points, point -> Parcel.of(records.of(point)));
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
