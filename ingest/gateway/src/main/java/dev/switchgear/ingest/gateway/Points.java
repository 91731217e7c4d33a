package dev.switchgear.ingest.gateway;

import com.google.protobuf.Message;
import dev.switchgear.ingest.outlet.Origin;
import dev.switchgear.ingest.outlet.Series;
import dev.switchgear.ingest.outlet.Series.Interval;
import dev.switchgear.ingest.outlet.Series.Measured;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.MetricPoint;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;

/** Makes records of the points of one metric of one origin. */
record Points(Origin origin, Metric metric) {

  /** False for a point that says that there was none. */
  static boolean hasValue(Message point) {
    int flags = (int) point.getField(point.getDescriptorForType().findFieldByName("flags"));
    return (flags & DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE) == 0;
  }

  MetricPoint gauge(NumberDataPoint point) {
    return series()
        .gauge(point.getTimeUnixNano(), value(point), Otlp.texts(point.getAttributesList()));
  }

  MetricPoint sum(NumberDataPoint point) {
    Sum sum = metric.getSum();
    return series()
        .sum(
            new Interval(point.getStartTimeUnixNano(), point.getTimeUnixNano()),
            isDelta(sum.getAggregationTemporality()),
            sum.getIsMonotonic(),
            value(point),
            Otlp.texts(point.getAttributesList()));
  }

  MetricPoint histogram(HistogramDataPoint point) {
    return series()
        .histogram(
            new Interval(point.getStartTimeUnixNano(), point.getTimeUnixNano()),
            isDelta(metric.getHistogram().getAggregationTemporality()),
            new Measured(point.getCount(), point.getSum()),
            point.getExplicitBoundsList(),
            point.getBucketCountsList(),
            Otlp.texts(point.getAttributesList()));
  }

  MetricPoint exponential(ExponentialHistogramDataPoint point) {
    Series.checkNothingNegative(
        point.getNegative().getBucketCountsList().stream().mapToLong(Long::longValue).sum());
    Histogram buckets =
        new Histogram(
            point.getScale(),
            point.getZeroCount(),
            point.getPositive().getOffset(),
            point.getPositive().getBucketCountsList());
    return series()
        .exponential(
            new Interval(point.getStartTimeUnixNano(), point.getTimeUnixNano()),
            isDelta(metric.getExponentialHistogram().getAggregationTemporality()),
            new Measured(point.getCount(), point.getSum()),
            buckets,
            Otlp.texts(point.getAttributesList()));
  }

  /** Refuses: its quantiles cannot be merged over instances. */
  @SuppressWarnings("DoNotCallSuggester") // It is called, so that the point is rejected.
  MetricPoint summary(SummaryDataPoint point) {
    throw new IllegalArgumentException(
        "%s: a summary at %d ns (expected: gauge, sum or histogram)"
            .formatted(metric.getName(), point.getTimeUnixNano()));
  }

  private Series series() {
    return new Series(origin, metric.getName(), metric.getUnit());
  }

  private double value(NumberDataPoint point) {
    return switch (point.getValueCase()) {
      case AS_DOUBLE -> point.getAsDouble();
      case AS_INT -> point.getAsInt();
      case VALUE_NOT_SET ->
          throw new IllegalArgumentException(
              metric.getName() + ": a point without value (expected: asDouble or asInt)");
    };
  }

  private boolean isDelta(AggregationTemporality temporality) {
    return switch (temporality) {
      case AGGREGATION_TEMPORALITY_DELTA -> true;
      case AGGREGATION_TEMPORALITY_CUMULATIVE -> false;
      case AGGREGATION_TEMPORALITY_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              metric.getName() + ": no aggregation temporality (expected: delta or cumulative)");
    };
  }
}
