package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.detector.state.KeptHistogram;
import dev.switchgear.schemas.Histogram;
import java.util.ArrayList;
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
    long[] array = new long[counts.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = counts.get(i);
    }
    return array;
  }

  private static List<Long> list(ExponentialHistogram histogram) {
    long[] counts = histogram.counts();
    List<Long> list = new ArrayList<>(counts.length);
    for (long count : counts) {
      list.add(count);
    }
    return list;
  }
}
