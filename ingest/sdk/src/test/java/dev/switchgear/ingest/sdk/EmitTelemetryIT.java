package dev.switchgear.ingest.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.KafkaProbe;
import dev.switchgear.schemas.testing.TestKafka;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of docs/emit-telemetry.md. */
@Timeout(120)
class EmitTelemetryIT {

  @Test
  void asTheDocsSay_everySignalArrives() {
    try (TestKafka broker = TestKafka.start();
        KafkaProbe probe = new KafkaProbe(broker.bootstrapServers())) {
      TopicProvisioning.provision(
          Map.of("bootstrap.servers", broker.bootstrapServers()), List.of());

      emit(broker.bootstrapServers());

      assertThat(probe.read(Topics.SPANS, each -> each.getService().equals("checkout"), 1))
          .hasSize(1);
      assertThat(probe.read(Topics.LOGS, each -> each.getBody().equals("ordered"), 1)).hasSize(1);
      assertThat(probe.read(Topics.METRICS, each -> each.getName().equals("orders"), 1)).hasSize(1);
    }
  }

  private static void emit(String bootstrapServers) {
    Resource resource =
        Resource.getDefault().toBuilder()
            .put("service.name", "checkout")
            .put("service.instance.id", "checkout-7f9c")
            .put("service.version", "1.2")
            .put("cloud.availability_zone", "eu-west-1a")
            .put("cloud.region", "eu-west-1")
            .build();
    KafkaTelemetry kafka =
        KafkaTelemetry.connect(Map.of("bootstrap.servers", bootstrapServers), resource);
    OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .setResource(resource)
                    .addSpanProcessor(kafka.guardedSpans())
                    .addSpanProcessor(BatchSpanProcessor.builder(kafka.spans()).build())
                    .build())
            .setLoggerProvider(
                SdkLoggerProvider.builder()
                    .setResource(resource)
                    .addLogRecordProcessor(BatchLogRecordProcessor.builder(kafka.logs()).build())
                    .build())
            .setMeterProvider(
                SdkMeterProvider.builder()
                    .setResource(resource)
                    .registerMetricReader(PeriodicMetricReader.create(kafka.metrics()))
                    .build())
            .build();

    sdk.getTracer("docs").spanBuilder("order").startSpan().end();
    sdk.getLogsBridge().get("docs").logRecordBuilder().setBody("ordered").emit();
    sdk.getMeter("docs").counterBuilder("orders").build().add(1);

    sdk.close();
    kafka.close();
  }
}
