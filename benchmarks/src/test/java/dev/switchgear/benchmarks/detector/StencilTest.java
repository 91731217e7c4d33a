package dev.switchgear.benchmarks.detector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Span;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StencilTest {

  private static final long NOW = 1_767_571_200_000L;

  @Test
  void aSpanIsOfTheMomentAndElseAsItWas() {
    Stencil stencil = Stencil.ofAll(Lane.SPANS, NOW).get(7);

    Span span = span(stencil.next(NOW + 4_711));

    Span made = (Span) Lane.SPANS.entry(7, 20, NOW).value();
    assertThat(stencil.key()).isEqualTo(span.getTraceId());
    assertThat(span.getStartEpochNanos()).isEqualTo((NOW + 4_711) * 1_000_000);
    span.put("startEpochNanos", made.getStartEpochNanos());
    assertThat(span).isEqualTo(made);
  }

  @Test
  void noObservationIsARepeatedOne() {
    List<Stencil> stencils = Stencil.ofAll(Lane.OBSERVATIONS, NOW);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      Observation observation = observation(stencils.get(i % stencils.size()).next(NOW + i));
      String sender = observation.getBreaker() + observation.getInstance();
      seen.add(sender + " " + observation.getSequence());
      assertThat(observation.getFromMillis()).isEqualTo(NOW + i);
    }

    assertThat(seen).hasSize(10_000);
  }

  private static Span span(byte[] bytes) {
    return Records.builtInOnly().deserializer(Span.class).deserialize("spans", bytes);
  }

  private static Observation observation(byte[] bytes) {
    return Records.builtInOnly().deserializer(Observation.class).deserialize("observations", bytes);
  }
}
