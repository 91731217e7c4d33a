package dev.switchgear.ingest.gateway;

import com.google.protobuf.Message;
import dev.switchgear.ingest.outlet.Origin;
import dev.switchgear.ingest.outlet.Parcel;
import dev.switchgear.schemas.MetricPoint;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.util.List;
import java.util.function.Function;

/** Metrics, a record for each point. A point without a value says nothing and makes no record. */
final class MetricSignal implements Signal {

  @Override
  public String path() {
    return "/v1/metrics";
  }

  @Override
  public Message.Builder request() {
    return ExportMetricsServiceRequest.newBuilder();
  }

  @Override
  public void read(Message request, Intake intake) {
    for (ResourceMetrics each : ((ExportMetricsServiceRequest) request).getResourceMetricsList()) {
      Origin origin = Otlp.origin(each.getResource());
      each.getScopeMetricsList().stream()
          .flatMap(scope -> scope.getMetricsList().stream())
          .forEach(metric -> read(origin, metric, intake));
    }
  }

  @Override
  public Message response(Intake intake) {
    var response = ExportMetricsServiceResponse.newBuilder();
    if (intake.rejected() > 0) {
      response.setPartialSuccess(
          ExportMetricsPartialSuccess.newBuilder()
              .setRejectedDataPoints(intake.rejected())
              .setErrorMessage(intake.reason()));
    }
    return response.build();
  }

  private static void read(Origin origin, Metric metric, Intake intake) {
    Points points = new Points(origin, metric);
    switch (metric.getDataCase()) {
      case GAUGE -> take(intake, metric.getGauge().getDataPointsList(), points::gauge);
      case SUM -> take(intake, metric.getSum().getDataPointsList(), points::sum);
      case HISTOGRAM -> take(intake, metric.getHistogram().getDataPointsList(), points::histogram);
      case EXPONENTIAL_HISTOGRAM ->
          take(intake, metric.getExponentialHistogram().getDataPointsList(), points::exponential);
      case SUMMARY -> take(intake, metric.getSummary().getDataPointsList(), points::summary);
      case DATA_NOT_SET -> {}
    }
  }

  private static <P extends Message> void take(
      Intake intake, List<P> points, Function<P, MetricPoint> recording) {
    points.stream()
        .filter(Points::hasValue)
        .forEach(point -> intake.take(() -> Parcel.of(recording.apply(point))));
  }
}
