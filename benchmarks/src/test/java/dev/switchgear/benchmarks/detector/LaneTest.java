package dev.switchgear.benchmarks.detector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Span;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LaneTest {

  private static final long NOW = 1_767_571_200_000L;
  private static final int RECORDS = 10_000;

  @Test
  void spansAreAsLargeAsRealOnes() {
    Span span = (Span) Lane.SPANS.entry(7, 20, NOW).value();

    byte[] bytes = Records.builtInOnly().serializer(Span.class).serialize("spans", span);

    assertThat(span.getAttributes()).hasSize(20);
    assertThat(bytes).hasSizeBetween(800, 850);
  }

  @Test
  void noObservationIsARepeatedOne() {
    Set<String> numbers = new HashSet<>();
    Set<String> breakers = new HashSet<>();
    for (long number = 0; number < RECORDS; number++) {
      Observation observation = (Observation) Lane.OBSERVATIONS.entry(number, 20, NOW).value();
      breakers.add(observation.getBreaker());
      String sender = observation.getBreaker() + observation.getInstance();
      numbers.add(sender + " " + observation.getSequence());
    }

    assertThat(breakers).hasSize(20);
    assertThat(numbers).hasSize(RECORDS);
  }
}
