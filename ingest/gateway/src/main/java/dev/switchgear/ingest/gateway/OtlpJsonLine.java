package dev.switchgear.ingest.gateway;

import com.google.protobuf.Message;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * One line of a file of OTLP requests in JSON, as the file exporter of OpenTelemetry's collector
 * writes it. Stateless.
 *
 * @param spans those that make sense
 * @param metrics those that make sense
 * @param rejected spans and points that do not
 */
public record OtlpJsonLine(List<Span> spans, List<MetricPoint> metrics, int rejected) {

  private static final Signal TRACES = new TraceSignal();
  private static final Signal METRICS = new MetricSignal();
  private static final String METRICS_FIELD = "\"resourceMetrics\"";
  private static final Deserializer<Span> SPANS = Records.builtInOnly().deserializer(Span.class);
  private static final Deserializer<MetricPoint> POINTS =
      Records.builtInOnly().deserializer(MetricPoint.class);

  public OtlpJsonLine {
    spans = List.copyOf(spans);
    metrics = List.copyOf(metrics);
  }

  /**
   * Reads the spans and points of a line; a line of logs holds none.
   *
   * @throws IllegalArgumentException if it is not OTLP; the message says where and why
   */
  public static OtlpJsonLine read(String line) {
    Intake traces = intake(line, TRACES);
    Intake metrics = line.contains(METRICS_FIELD) ? intake(line, METRICS) : new Intake();
    List<Span> spans =
        traces.parcels().stream()
            .map(parcel -> SPANS.deserialize(Topics.SPANS.name(), parcel.message().value()))
            .toList();
    List<MetricPoint> points =
        metrics.parcels().stream()
            .map(parcel -> POINTS.deserialize(Topics.METRICS.name(), parcel.message().value()))
            .toList();
    return new OtlpJsonLine(spans, points, traces.rejected() + metrics.rejected());
  }

  private static Intake intake(String line, Signal signal) {
    try {
      Message request = OtlpJson.parse(line.getBytes(StandardCharsets.UTF_8), signal.request());
      Intake intake = new Intake();
      signal.read(request, intake);
      return intake;
    } catch (RequestException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
