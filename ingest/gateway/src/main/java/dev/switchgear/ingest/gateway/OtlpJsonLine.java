package dev.switchgear.ingest.gateway;

import com.google.protobuf.Message;
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
 * @param rejected spans that do not
 */
public record OtlpJsonLine(List<Span> spans, int rejected) {

  private static final Signal TRACES = new TraceSignal();
  private static final Deserializer<Span> SPANS = Records.builtInOnly().deserializer(Span.class);

  public OtlpJsonLine {
    spans = List.copyOf(spans);
  }

  /**
   * Reads the spans of a line; a line of metrics or logs holds none.
   *
   * @throws IllegalArgumentException if it is not OTLP; the message says where and why
   */
  public static OtlpJsonLine read(String line) {
    try {
      Message request = OtlpJson.parse(line.getBytes(StandardCharsets.UTF_8), TRACES.request());
      Intake intake = new Intake();
      TRACES.read(request, intake);
      List<Span> spans =
          intake.parcels().stream()
              .map(parcel -> SPANS.deserialize(Topics.SPANS.name(), parcel.message().value()))
              .toList();
      return new OtlpJsonLine(spans, intake.rejected());
    } catch (RequestException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
