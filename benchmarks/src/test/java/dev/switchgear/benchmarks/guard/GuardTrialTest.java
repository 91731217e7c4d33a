package dev.switchgear.benchmarks.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardTrialTest {

  private static final Pace SHORTEST = new Pace(2, Duration.ofMillis(5), 1, Duration.ofMillis(20));

  private static Contender contender(Class<?> calls, String method) {
    return Lineup.all().stream()
        .filter(each -> each.benchmark().equals(calls.getName() + "." + method))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anotherLibraryIsMeasured_withoutKafka() throws IOException, InterruptedException {
    Contender open = contender(FailsafeCalls.class, "openAlone");
    List<String> progress = new ArrayList<>();

    List<Reading> readings = GuardTrial.run(List.of(open), List.of(2), SHORTEST, progress::add);

    assertThat(readings).hasSize(1);
    assertThat(readings.get(0).contender()).isEqualTo(open);
    assertThat(readings.get(0).threads()).isEqualTo(2);
    assertThat(readings.get(0).nanos()).isPositive();
    assertThat(readings.get(0).elapsedNanos()).isPositive();
    assertThat(readings.get(0).bytes()).isNotNegative();
    assertThat(progress)
        .containsExactly(
            "round 1 of 2, breaker open, fallback answers: failsafe, its breaker alone",
            "round 2 of 2, breaker open, fallback answers: failsafe, its breaker alone");
  }
}
