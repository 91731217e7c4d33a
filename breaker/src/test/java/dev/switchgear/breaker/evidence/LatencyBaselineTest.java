package dev.switchgear.breaker.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class LatencyBaselineTest {

  private final LatencyBaseline baseline = new LatencyBaseline(ExponentialHistogram.empty());

  @Test
  void aFewCallsAreHearsay() {
    baseline.learn(calls(1e6, 199));
    assertThat(baseline.known()).isFalse();
    baseline.learn(calls(1e6, 1));
    assertThat(baseline.known()).isTrue();
  }

  @Test
  void ofAFewCallsTheSlowestIsNotTheSlowest_ofManyItIs() {
    baseline.learn(calls(1e6, LatencyBaseline.ENOUGH));
    assertThat(baseline.longestNanos()).isCloseTo(3e6, withinPercentage(5));
    baseline.learn(calls(1e6, 1_214)); // Half the way, as the logarithm sees it.
    assertThat(baseline.longestNanos()).isCloseTo(2e6, withinPercentage(5));
    baseline.learn(calls(1e6, LatencyBaseline.SURE));
    assertThat(baseline.longestNanos()).isEqualTo(baseline.quantileNanos(0.999));
  }

  @Test
  void thePastFadesWithTheCallsThatReplaceIt() {
    baseline.learn(calls(1e6, 100_000));
    for (int i = 0; i < 1_000; i++) {
      baseline.learn(calls(1e8, 1_000));
    }
    assertThat(baseline.histogram().count()).isLessThanOrEqualTo(LatencyBaseline.FULL);
    assertThat(baseline.quantileNanos(0.05)).isGreaterThan(5e7);
  }

  @Test
  void oneAbsurdOrCoarseHistogramDoesNotSpoilWhatIsKnown() {
    baseline.learn(calls(1e6, 1_000));
    baseline.learn(calls(1e300, 1));
    baseline.learn(ExponentialHistogram.of(-10, 0, 0, 1));
    assertThat(baseline.histogram().scale()).isEqualTo(ExponentialHistogram.DEFAULT_SCALE);
    assertThat(baseline.histogram().count()).isEqualTo(1_000);
  }

  @Test
  void allThatAClockCanMeasureIsLearned() {
    baseline.learn(calls(1, 1));
    baseline.learn(calls(Long.MAX_VALUE, 1));
    assertThat(baseline.histogram().count()).isEqualTo(2);
    assertThat(baseline.histogram().scale()).isGreaterThanOrEqualTo(LatencyBaseline.COARSEST_SCALE);
  }

  @Test
  void whatItGivesAwayIsACopy() {
    baseline.learn(calls(1e6, 10));
    baseline.histogram().record(1, 1);
    assertThat(baseline.histogram().count()).isEqualTo(10);
  }

  private static ExponentialHistogram calls(double nanos, long times) {
    ExponentialHistogram histogram = ExponentialHistogram.empty();
    histogram.record(nanos, times);
    return histogram;
  }
}
