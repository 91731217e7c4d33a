package dev.switchgear.ingest.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.guard.Guarded;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuardedSpansTest {

  private static final AttributeKey<Boolean> GUARDED =
      AttributeKey.booleanKey("switchgear.guarded");

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

  @ParameterizedTest(name = "{0}, guarded: {1}")
  @CsvSource({
    "CLIENT, true, true",
    "PRODUCER, true, true",
    "CLIENT, false, ",
    "SERVER, true, ",
    "INTERNAL, true, ",
    "CONSUMER, true, "
  })
  void marksTheCallsThatAGuardCounts(SpanKind kind, boolean guarded, @Nullable Boolean expected) {
    Context parent = guarded ? Context.root().with(Guarded.KEY, true) : Context.root();
    try (SdkTracerProvider traces =
        SdkTracerProvider.builder()
            .addSpanProcessor(new GuardedSpans())
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build()) {
      Tracer tracer = traces.get("test");
      tracer.spanBuilder("call").setSpanKind(kind).setParent(parent).startSpan().end();

      assertThat(exporter.getFinishedSpanItems())
          .singleElement()
          .satisfies(span -> assertThat(span.getAttributes().get(GUARDED)).isEqualTo(expected));
    }
  }
}
