package dev.switchgear.breaker.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ExponentialHistogramTest {

  @Test
  void theExamplesOfTheSpecification() {
    assertThat(bucket(1, 0)).isEqualTo(-1);
    assertThat(bucket(1.5, 0)).isZero();
    assertThat(bucket(2, 0)).isZero();
    assertThat(bucket(4, 0)).isEqualTo(1);
    assertThat(bucket(4.1, 0)).isEqualTo(2);
    assertThat(bucket(4, -1)).isZero();
    assertThat(bucket(16, -2)).isZero();
    assertThat(bucket(2, 3)).isEqualTo(7);
    assertThat(bucket(Math.sqrt(2) * 1.000001, 1)).isEqualTo(1);
  }

  @Test
  void theSmallestAndTheLargestDoubleFitTogether() {
    ExponentialHistogram histogram = ExponentialHistogram.of(20, 0, 0);
    histogram.record(Double.MIN_VALUE, 1);
    histogram.record(Double.MAX_VALUE, 1);
    assertThat(histogram.count()).isEqualTo(2);
    assertThat(histogram.counts().length).isLessThanOrEqualTo(ExponentialHistogram.MAX_BUCKETS);
    assertThat(histogram.quantile(1)).isFinite().isPositive();
  }

  @Test
  void anEmptyOneHasNoQuantile_andNothingAbove() {
    assertThat(ExponentialHistogram.empty().quantile(0.99)).isZero();
    assertThat(ExponentialHistogram.empty().countAbove(0)).isZero();
  }

  @Test
  void nothingIsAboveInfinity_andZeroesAreAboveNothing() {
    ExponentialHistogram histogram = ExponentialHistogram.empty();
    histogram.record(5, 2);
    histogram.record(0, 3);
    histogram.record(-1, 1);
    assertThat(histogram.countAbove(Double.POSITIVE_INFINITY)).isZero();
    assertThat(histogram.countAbove(Double.MAX_VALUE)).isZero();
    assertThat(histogram.countAbove(0)).isEqualTo(2);
    assertThat(histogram.zeroCount()).isEqualTo(4);
  }

  @Test
  void aFinerHistogramIsCoarsenedUntilItFits() {
    ExponentialHistogram histogram = ExponentialHistogram.of(8, 0, 1_000, new long[4_096]);
    assertThat(histogram.count()).isZero();
    long[] counts = new long[4_096];
    counts[0] = 1;
    counts[4_095] = 1;
    histogram = ExponentialHistogram.of(8, 0, 1_000, counts);
    assertThat(histogram.counts().length).isLessThanOrEqualTo(ExponentialHistogram.MAX_BUCKETS);
    assertThat(histogram.scale()).isEqualTo(3);
  }

  @Test
  void whatNoHistogramCanHoldIsRefused() {
    assertRefused(() -> ExponentialHistogram.of(21, 0, 0), "scale: 21 (expected: -10..20)");
    assertRefused(() -> ExponentialHistogram.of(-11, 0, 0), "scale: -11 (expected: -10..20)");
    assertRefused(
        () -> ExponentialHistogram.of(0, 0, 0, new long[4_097]),
        "counts: 4097 buckets (expected: 0..4096)");
    assertRefused(() -> ExponentialHistogram.of(0, -1, 0), "counts: -1 zeros");
    assertRefused(() -> ExponentialHistogram.of(0, 0, 0, 1, -1), "counts: 0 zeros and [1, -1]");
    assertRefused(
        () -> ExponentialHistogram.of(0, 0, 0, Long.MAX_VALUE, Long.MAX_VALUE, 3),
        "their sum at most 2^63-1");
    assertRefused(
        () -> ExponentialHistogram.of(0, 0, Integer.MAX_VALUE, 1, 1),
        "offset: 2147483647 with 2 buckets (expected: buckets of doubles, -1075..1023 at scale 0)");
    assertRefused(() -> ExponentialHistogram.of(0, 0, Integer.MIN_VALUE, 1), "offset: ");
  }

  @Test
  void whatIsNoNumberIsRefused() {
    ExponentialHistogram histogram = ExponentialHistogram.empty();
    assertRefused(() -> histogram.record(Double.NaN, 1), "value: NaN (expected: a finite number)");
    assertRefused(() -> histogram.record(Double.POSITIVE_INFINITY, 1), "value: Infinity");
    assertRefused(() -> histogram.record(1, -1), "times: -1 (expected: at least 0)");
    assertRefused(() -> histogram.quantile(1.1), "share: 1.1 (expected: 0..1)");
    assertRefused(() -> histogram.quantile(Double.NaN), "share: NaN");
    assertRefused(() -> histogram.fade(2), "factor: 2.0 (expected: 0..1)");
    assertThat(histogram.count()).isZero();
  }

  private static int bucket(double value, int scale) {
    ExponentialHistogram histogram = ExponentialHistogram.of(scale, 0, 0);
    histogram.record(value, 1);
    return histogram.offset();
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
