package dev.switchgear.breaker.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class ExponentialHistogramPropertyTest {

  @Property(tries = 2_000)
  void eachValueFallsIntoTheBucketOfTheDefinition(
      @ForAll("anyPositive") double value, @ForAll @IntRange(min = -10, max = 8) int scale) {
    assertThat(bucket(value, scale)).isEqualTo(ExactBuckets.index(value, scale));
  }

  @Property(tries = 2_000)
  void aPowerOfTwoEndsItsBucket_andTheNextDoubleBeginsTheNext(
      @ForAll @IntRange(min = -1_021, max = 1_023) int exponent,
      @ForAll @IntRange(min = -10, max = 20) int scale) {
    double power = Math.scalb(1.0, exponent);
    int last = (int) Math.ceil(Math.scalb((double) exponent, scale)) - 1;
    assertThat(bucket(power, scale)).isEqualTo(last);
    int next = scale > 0 ? last + 1 : exponent >> -scale;
    assertThat(bucket(Math.nextUp(power), scale)).isEqualTo(next);
    assertThat(bucket(Math.nextDown(power), scale))
        .isEqualTo(scale > 0 ? last : (exponent - 1) >> -scale);
  }

  @Property(tries = 1_000)
  void mergingIsRecordingAll(
      @ForAll("latencies") List<Double> some,
      @ForAll("latencies") List<Double> others,
      @ForAll @IntRange(min = -2, max = 12) int scale) {
    ExponentialHistogram merged = recorded(some, ExponentialHistogram.DEFAULT_SCALE);
    merged.add(recorded(others, scale));
    ExponentialHistogram all = ExponentialHistogram.of(merged.scale(), 0, 0);
    some.forEach(value -> all.record(value, 1));
    others.forEach(value -> all.record(value, 1));
    assertSame(merged, all);
  }

  @Property(tries = 1_000)
  void theOrderOfMergesDoesNotMatter(
      @ForAll @Size(max = 6) List<@Size(max = 10) List<@LongRange(min = 0) Long>> parts) {
    ExponentialHistogram forth = ExponentialHistogram.of(5, 0, 0);
    ExponentialHistogram back = ExponentialHistogram.of(5, 0, 0);
    for (int i = 0; i < parts.size(); i++) {
      forth.add(recorded(doubles(parts.get(i)), 5));
      back.add(recorded(doubles(parts.get(parts.size() - 1 - i)), 5));
    }
    assertSame(forth, back);
  }

  @Property(tries = 1_000)
  void aQuantileIsOffByAtMostHalfABucket(
      @ForAll("latencies") @Size(min = 1) List<Double> values,
      @ForAll @IntRange(min = 0, max = 1_000) int perMille) {
    ExponentialHistogram histogram = recorded(values, 3);
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int rank = Math.max(1, (int) Math.ceil(perMille / 1_000.0 * sorted.length));
    double halfBucket = Math.scalb(1.0, -histogram.scale()) / 2;
    double off = Math.log(histogram.quantile(perMille / 1_000.0) / sorted[rank - 1]) / Math.log(2);
    assertThat(off).isCloseTo(0, within(halfBucket * (1 + 1e-9)));
  }

  @Property(tries = 2_000)
  void countAboveNeverCountsAValueThatIsNotAbove_norMissesOneABucketAway(
      @ForAll("latencies") List<Double> values, @ForAll("anyPositive") double threshold) {
    ExponentialHistogram histogram = recorded(values, 3);
    double bucket = Math.pow(2, Math.scalb(1.0, -histogram.scale()));
    long above = values.stream().filter(value -> value > threshold * (1 - 1e-12)).count();
    long farAbove = values.stream().filter(value -> value > threshold * bucket * 1.000001).count();
    assertThat(histogram.countAbove(threshold)).isBetween(farAbove, above);
  }

  @Property(tries = 1_000)
  void whateverIsRecordedTheBucketsAreBounded_andNothingIsLost(
      @ForAll List<Double> values, @ForAll @IntRange(min = -10, max = 20) int scale) {
    ExponentialHistogram histogram = ExponentialHistogram.of(scale, 0, 0);
    values.forEach(value -> histogram.record(value, 3));
    assertThat(histogram.counts().length).isLessThanOrEqualTo(ExponentialHistogram.MAX_BUCKETS);
    assertThat(histogram.count()).isEqualTo(3L * values.size());
    assertThat(histogram.zeroCount() + Arrays.stream(histogram.counts()).sum())
        .isEqualTo(histogram.count());
  }

  @Property(tries = 1_000)
  void whatWasTakenApartCanBePutTogether(@ForAll("latencies") List<Double> values) {
    ExponentialHistogram histogram = recorded(values, 3);
    assertSame(
        ExponentialHistogram.of(
            histogram.scale(), histogram.zeroCount(), histogram.offset(), histogram.counts()),
        histogram);
    assertSame(histogram.copy(), histogram);
  }

  @Property(tries = 500)
  void fadingHalvesEachCount(@ForAll("latencies") List<Double> values) {
    ExponentialHistogram histogram = recorded(values, 3);
    long floor = Arrays.stream(histogram.counts()).map(count -> count / 2).sum();
    histogram.fade(0.5);
    assertThat(histogram.count()).isEqualTo(floor);
    long[] left = histogram.counts();
    assertThat(left.length == 0 || (left[0] > 0 && left[left.length - 1] > 0)).isTrue();
  }

  @Provide
  Arbitrary<Double> anyPositive() {
    return Arbitraries.oneOf(
        Arbitraries.longs()
            .between(1, Double.doubleToRawLongBits(Double.MAX_VALUE))
            .map(Double::longBitsToDouble),
        Arbitraries.doubles().between(1, 1e13),
        Arbitraries.integers().between(-1_074, 1_023).map(e -> Math.scalb(1.0, e)),
        Arbitraries.of(Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE, 1.0));
  }

  @Provide
  Arbitrary<List<Double>> latencies() {
    Arbitrary<Double> usual = Arbitraries.doubles().between(1e5, 1e10);
    Arbitrary<Double> wide = Arbitraries.doubles().between(-3, 14).map(e -> Math.pow(10, e));
    return Arbitraries.oneOf(usual.list().ofMaxSize(60), wide.list().ofMaxSize(60));
  }

  private static int bucket(double value, int scale) {
    ExponentialHistogram histogram = ExponentialHistogram.of(scale, 0, 0);
    histogram.record(value, 1);
    assertThat(histogram.scale()).isEqualTo(scale);
    return histogram.offset();
  }

  private static ExponentialHistogram recorded(List<Double> values, int scale) {
    ExponentialHistogram histogram = ExponentialHistogram.of(scale, 0, 0);
    values.forEach(value -> histogram.record(value, 1));
    return histogram;
  }

  private static List<Double> doubles(List<Long> values) {
    return values.stream().map(Long::doubleValue).toList();
  }

  private static void assertSame(ExponentialHistogram actual, ExponentialHistogram expected) {
    assertThat(actual.scale()).isEqualTo(expected.scale());
    assertThat(actual.zeroCount()).isEqualTo(expected.zeroCount());
    assertThat(actual.count()).isEqualTo(expected.count());
    assertThat(actual.counts()).isEqualTo(expected.counts());
    if (actual.counts().length > 0) {
      assertThat(actual.offset()).isEqualTo(expected.offset());
    }
  }
}
