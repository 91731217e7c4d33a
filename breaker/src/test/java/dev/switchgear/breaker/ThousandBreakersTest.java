package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A network that fails is a thousand dependencies that fail. */
class ThousandBreakersTest {

  private static final long NOW = 1_780_000_000_000L;

  private static CallSample failed() {
    ExponentialHistogram latency = ExponentialHistogram.empty();
    latency.record(5e6, 100);
    Map<String, Long> errors = Map.of("IOException", 100L);
    return new CallSample(
        "checkout", "checkout-1", NOW - 250, NOW, 0, 100, errors, 0, latency, List.of());
  }

  @Test
  void allOpenAtOnce_eachForATimeOfItsOwn() {
    Set<Long> until = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      Breaker breaker = new Breaker("dependency-" + i, BreakerPolicy.DEFAULT, NOW - 60_000);

      breaker.observe(failed(), NOW);

      assertThat(breaker.state()).isInstanceOf(Open.class);
      until.add(breaker.state().untilMillis());
    }
    assertThat(until).hasSizeGreaterThan(500);
  }
}
