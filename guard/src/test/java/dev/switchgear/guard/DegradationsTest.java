package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DegradationsTest {

  private final InMemorySpanExporter spans = InMemorySpanExporter.create();
  private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
  private final OpenTelemetrySdk telemetry =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(spans))
                  .build())
          .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(metrics).build())
          .build();
  private final Degradations degradations = new Degradations(telemetry);
  private final Gate gate = new Gate(Bonds.of(BREAKER, Bonds.NOBODY));

  @AfterEach
  void close() {
    degradations.close();
    telemetry.close();
  }

  @Test
  void whatAnsweredInstead_isToldByTheMetricAndOnTheSpan() throws Exception {
    GuardedCall<String> guard =
        new GuardedCallBuilder<String>(gate, Clocks.SYSTEM, degradations)
            .fallback(Fallback.value("few").named("popular-items"))
            .build();
    inSpan(() -> guard.call(() -> "answer"));
    inSpan(() -> guard.call(() -> fail()));
    gate.obey(States.open(1));
    inSpan(() -> guard.call(() -> "answer"));
    inSpan(() -> guard.call(() -> "answer", broken().or(Fallback.value("none"))));
    inSpan(() -> guard.instead((Refusal) guard.admit(), Fallback.value("by hand").named("hand")));

    assertThat(counts())
        .isEqualTo(
            Map.of(
                "popular-items because failure", 1L,
                "popular-items because breaker", 1L,
                "value because breaker", 1L,
                "hand because breaker", 1L));
    assertThat(spans.getFinishedSpanItems())
        .extracting(DegradationsTest::told)
        .containsExactly(
            "",
            "popular-items because failure",
            "popular-items because breaker",
            "value because breaker",
            "hand because breaker");
  }

  @Test
  void ofSeveralInAChain_theOneThatAnsweredIsTold() throws Exception {
    Fallback<String> second = Fallback.value("few").named("popular-items");
    Fallback<String> chain = broken().or(second).or(Fallback.value("none"));
    GuardedCall<String> guard =
        new GuardedCallBuilder<String>(gate, Clocks.SYSTEM, degradations).fallback(chain).build();
    gate.obey(States.open(1));

    assertThat(guard.call(() -> "answer")).isEqualTo("few");
    assertThat(counts()).isEqualTo(Map.of("popular-items because breaker", 1L));
  }

  @Test
  void whereTellingFails_noFurtherFallbackIsAsked() {
    List<String> asked = new ArrayList<>();
    Fallback<String> chain = new Unspeakable(asked).or(why -> "none" + asked.add("second"));
    GuardedCall<String> guard =
        new GuardedCallBuilder<String>(gate, Clocks.SYSTEM, degradations).fallback(chain).build();
    gate.obey(States.open(1));

    assertThatThrownBy(() -> guard.call(() -> "answer")).isInstanceOf(ArithmeticException.class);
    assertThat(asked).containsExactly("first");
  }

  /** Answers, but has no name. */
  private record Unspeakable(List<String> asked) implements Fallback<String> {

    @Override
    public String instead(Unavailable why) {
      asked.add("first");
      return "few";
    }

    @Override
    public String name() {
      throw new ArithmeticException();
    }
  }

  private static Fallback<String> broken() {
    return why -> {
      throw new IOException();
    };
  }

  private static String fail() throws IOException {
    throw new IOException();
  }

  private interface Action {
    void run() throws Exception;
  }

  @SuppressWarnings("try") // The scope is there to be closed.
  private void inSpan(Action action) throws Exception {
    Span span = telemetry.getTracer("test").spanBuilder("request").startSpan();
    try (Scope scope = span.makeCurrent()) {
      action.run();
    } finally {
      span.end();
    }
  }

  private Map<String, Long> counts() {
    return metrics.collectAllMetrics().stream()
        .filter(metric -> metric.getName().equals("switchgear.guard.degraded"))
        .flatMap(metric -> metric.getLongSumData().getPoints().stream())
        .filter(point -> point.getValue() > 0)
        .collect(Collectors.toMap(p -> told(p.getAttributes()), LongPointData::getValue));
  }

  private static String told(SpanData span) {
    return span.getEvents().stream()
        .map(EventData::getAttributes)
        .map(DegradationsTest::told)
        .collect(Collectors.joining());
  }

  private static String told(Attributes attributes) {
    assertThat(attributes.get(AttributeKey.stringKey("switchgear.breaker"))).isEqualTo(BREAKER);
    return attributes.get(AttributeKey.stringKey("switchgear.fallback"))
        + " because "
        + attributes.get(AttributeKey.stringKey("switchgear.because"));
  }
}
