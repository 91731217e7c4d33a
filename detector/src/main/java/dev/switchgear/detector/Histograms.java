package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.detector.state.KeptHistogram;
import dev.switchgear.schemas.Histogram;
import java.util.Arrays;
import java.util.List;

/** Histograms as the brain knows them, and as they are written. */
final class Histograms {

  private Histograms() {}

  /**
   * As the brain knows it.
   *
   * @throws IllegalArgumentException if it makes no sense
   */
  static ExponentialHistogram of(Histogram record) {
    return ExponentialHistogram.of(
        record.getScale(), record.getZeroCount(), record.getOffset(), array(record.getCounts()));
  }

  static ExponentialHistogram of(KeptHistogram kept) {
    return ExponentialHistogram.of(
        kept.getScale(), kept.getZeroCount(), kept.getOffset(), array(kept.getCounts()));
  }

  static Histogram record(ExponentialHistogram histogram) {
    return new Histogram(
        histogram.scale(), histogram.zeroCount(), histogram.offset(), list(histogram));
  }

  static KeptHistogram kept(ExponentialHistogram histogram) {
    return new KeptHistogram(
        histogram.scale(), histogram.zeroCount(), histogram.offset(), list(histogram));
  }

  private static long[] array(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).toArray();
  }

  private static List<Long> list(ExponentialHistogram histogram) {
    return Arrays.stream(histogram.counts()).boxed().toList();
  }
}
