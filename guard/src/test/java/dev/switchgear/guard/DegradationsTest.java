package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.GlobalOpenTelemetry;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
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
  private final Gate gate = States.gate(BREAKER, degradations);

  @AfterEach
  void close() {
    degradations.close();
    telemetry.close();
  }

  @Test
  void whatAnsweredInstead_isToldByTheMetricAndOnTheSpan() throws Exception {
    GuardedCall<String> guard =
        new GuardedCallBuilder<String>(gate, Clocks.SYSTEM)
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
  void aGuardAlone_tellsWhatAnsweredInsteadAsWell() throws Exception {
    Guard guard = gate.guard();
    Fallback<String> popular = Fallback.of("popular-items", why -> "few");
    inSpan(() -> guard.call(() -> "answer", popular));
    inSpan(() -> guard.call(() -> fail(), popular));
    gate.obey(States.open(1));
    inSpan(() -> guard.call(() -> "answer", popular));
    inSpan(() -> assertThatThrownBy(() -> guard.call(() -> "answer", broken())).isNotNull());

    assertToldTwice();
  }

  @Test
  void aGuardAlone_tellsOnTheCallersSpanWhatAnsweredLater() throws Exception {
    Guard guard = gate.guard();
    CompletableFuture<String> call = new CompletableFuture<>();
    CompletableFuture<String> substitute = new CompletableFuture<>();
    AsyncFallback<String> popular = AsyncFallback.of("popular-items", why -> substitute);
    inSpan(() -> guard.callAsync(() -> CompletableFuture.completedStage("answer"), popular));
    inSpan(
        () -> {
          var answer = guard.callAsync(() -> call, popular).toCompletableFuture();
          elsewhere(() -> call.completeExceptionally(new IOException()));
          elsewhere(() -> substitute.complete("few"));
          assertThat(answer.join()).isEqualTo("few");
        });
    gate.obey(States.open(1));
    inSpan(() -> guard.callAsync(() -> CompletableFuture.completedStage("answer"), popular));
    AsyncFallback<String> broken = why -> CompletableFuture.failedStage(new IOException());
    inSpan(() -> guard.callAsync(() -> CompletableFuture.completedStage("answer"), broken));

    assertToldTwice();
  }

  @Test
  void ofAConnectionThatWasGivenNone_theGlobalOpenTelemetryIsTold() throws Exception {
    GlobalOpenTelemetry.set(telemetry);
    try (Switchgear gear = Switchgear.connect("127.0.0.1:1", "checkout")) {
      GuardedCall<String> guard =
          gear.guard(BREAKER, String.class)
              .fallback(Fallback.value("few").named("popular-items"))
              .build();
      inSpan(() -> guard.call(() -> fail()));

      assertThat(counts()).isEqualTo(Map.of("popular-items because failure", 1L));
    } finally {
      GlobalOpenTelemetry.resetForTest();
    }
  }

  private void assertToldTwice() {
    assertThat(counts())
        .isEqualTo(
            Map.of("popular-items because failure", 1L, "popular-items because breaker", 1L));
    assertThat(spans.getFinishedSpanItems())
        .extracting(DegradationsTest::told)
        .containsExactly("", "popular-items because failure", "popular-items because breaker", "");
  }

  private static void elsewhere(Runnable action) throws InterruptedException {
    Thread thread = new Thread(action);
    thread.start();
    thread.join();
  }

  @Test
  void whatAnswersLater_endsAsItDoesWhereNobodyIsTold() {
    gate.obey(States.open(1));
    IOException thrown = new IOException();
    CompletableFuture<String> substitute = new CompletableFuture<>();
    AtomicReference<Throwable> seen = new AtomicReference<>();
    gate.guard()
        .callAsync(CompletableFuture::new, why -> CompletableFuture.failedFuture(thrown))
        .whenComplete((answer, failure) -> seen.set(failure));
    gate.guard()
        .callAsync(CompletableFuture::new, why -> substitute)
        .toCompletableFuture()
        .cancel(true);

    assertThat(seen).hasValue(thrown);
    assertThat(substitute).isCancelled();
  }

  @Test
  void whatIsChosen_isToldUnderItsOwnName() throws Exception {
    Map<String, Fallback<String>> variants =
        Map.of(
            "few", Fallback.of("few", why -> "few"),
            "chain", broken().or(Fallback.of("second", why -> "second")));
    List<String> chosen = new ArrayList<>(List.of("few", "chain", "unknown"));
    Fallback<String> fallback =
        Fallback.<String>chosen(why -> variants.get(chosen.remove(0))).or(Fallback.value("none"));
    gate.obey(States.open(1));
    Guard guard = gate.guard();

    assertThat(guard.call(() -> "answer", fallback)).isEqualTo("few");
    assertThat(guard.call(() -> "answer", fallback)).isEqualTo("second");
    assertThat(guard.call(() -> "answer", fallback)).isEqualTo("none");
    assertThat(counts())
        .isEqualTo(
            Map.of(
                "few because breaker", 1L,
                "second because breaker", 1L,
                "value because breaker", 1L));
  }

  @Test
  void whatIsChosen_answersWhereNobodyIsTold() throws Exception {
    Gate untold = States.gate();
    untold.obey(States.open(1));
    Fallback<String> fallback = Fallback.chosen(why -> Fallback.value("few"));
    Fallback<String> failing =
        Fallback.chosen(
            why -> {
              throw new ArithmeticException();
            });

    assertThat(untold.guard().call(() -> "answer", fallback)).isEqualTo("few");
    assertThatThrownBy(() -> untold.guard().call(() -> "answer", failing))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void ofSeveralInAChain_theOneThatAnsweredIsTold() throws Exception {
    Fallback<String> second = Fallback.value("few").named("popular-items");
    Fallback<String> chain = broken().or(second).or(Fallback.value("none"));
    GuardedCall<String> guard =
        new GuardedCallBuilder<String>(gate, Clocks.SYSTEM).fallback(chain).build();
    gate.obey(States.open(1));

    assertThat(guard.call(() -> "answer")).isEqualTo("few");
    assertThat(counts()).isEqualTo(Map.of("popular-items because breaker", 1L));
  }

  @Test
  void whereTellingFails_noFurtherFallbackIsAsked() {
    List<String> asked = new ArrayList<>();
    Fallback<String> chain = new Unspeakable(asked).or(why -> "none" + asked.add("second"));
    GuardedCall<String> guard =
        new GuardedCallBuilder<String>(gate, Clocks.SYSTEM).fallback(chain).build();
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
