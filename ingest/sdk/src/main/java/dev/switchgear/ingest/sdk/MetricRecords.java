package dev.switchgear.ingest.sdk;

import dev.switchgear.ingest.outlet.Series;
import dev.switchgear.ingest.outlet.Series.Interval;
import dev.switchgear.ingest.outlet.Series.Measured;
import dev.switchgear.ingest.outlet.Texts;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.MetricPoint;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramBuckets;
import io.opentelemetry.sdk.metrics.data.ExponentialHistogramPointData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.data.SumData;
import java.util.stream.Stream;

/** Makes records of the points of the SDK's metrics. Thread-safe. */
final class MetricRecords {

  /** One point of a metric. */
  record Point(MetricData metric, PointData data) {}

  private final Origins origins;

  MetricRecords(Origins origins) {
    this.origins = origins;
  }

  static Stream<Point> points(MetricData metric) {
    return metric.getData().getPoints().stream().map(each -> new Point(metric, each));
  }

  MetricPoint of(Point point) {
    MetricData metric = point.metric();
    Series series =
        new Series(origins.of(metric.getResource()), metric.getName(), metric.getUnit());
    PointData data = point.data();
    Texts attributes = Texts.of(data.getAttributes());
    return switch (metric.getType()) {
      case LONG_GAUGE, DOUBLE_GAUGE -> series.gauge(data.getEpochNanos(), value(data), attributes);
      case LONG_SUM -> sum(series, metric.getLongSumData(), data, attributes);
      case DOUBLE_SUM -> sum(series, metric.getDoubleSumData(), data, attributes);
      case HISTOGRAM ->
          histogram(
              series,
              isDelta(metric.getHistogramData().getAggregationTemporality()),
              (HistogramPointData) data,
              attributes);
      case EXPONENTIAL_HISTOGRAM ->
          exponential(
              series,
              isDelta(metric.getExponentialHistogramData().getAggregationTemporality()),
              (ExponentialHistogramPointData) data,
              attributes);
      case SUMMARY ->
          throw new IllegalArgumentException(
              metric.getName() + ": a summary (expected: gauge, sum or histogram)");
    };
  }

  private static MetricPoint sum(Series series, SumData<?> sum, PointData point, Texts attributes) {
    boolean delta = isDelta(sum.getAggregationTemporality());
    return series.sum(interval(point), delta, sum.isMonotonic(), value(point), attributes);
  }

  private static MetricPoint histogram(
      Series series, boolean delta, HistogramPointData point, Texts attributes) {
    return series.histogram(
        interval(point),
        delta,
        new Measured(point.getCount(), point.getSum()),
        point.getBoundaries(),
        point.getCounts(),
        attributes);
  }

  private static MetricPoint exponential(
      Series series, boolean delta, ExponentialHistogramPointData point, Texts attributes) {
    ExponentialHistogramBuckets positive = point.getPositiveBuckets();
    Series.checkNothingNegative(point.getNegativeBuckets().getTotalCount());
    Histogram buckets =
        new Histogram(
            point.getScale(),
            point.getZeroCount(),
            positive.getOffset(),
            positive.getBucketCounts());
    Measured measured = new Measured(point.getCount(), point.getSum());
    return series.exponential(interval(point), delta, measured, buckets, attributes);
  }

  private static Interval interval(PointData point) {
    return new Interval(point.getStartEpochNanos(), point.getEpochNanos());
  }

  private static double value(PointData point) {
    return point instanceof LongPointData number
        ? number.getValue()
        : ((DoublePointData) point).getValue();
  }

  private static boolean isDelta(AggregationTemporality temporality) {
    return temporality == AggregationTemporality.DELTA;
  }
}
