package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.series.Measure;
import java.util.List;
import java.util.Map;

/**
 * The calls that sampled rates, shares and quantiles tell of, second by second, evenly spread. What
 * the breaker would have refused is refused; the rest would have fared as it did. Where no rate is
 * known, one call a second is taken to be made: few enough to need some evidence.
 */
final class SampledCalls {

  private static final double CALLS_UNKNOWN = 1;

  private static final String ERROR_TYPE = "error";
  private static final String CALLER = "everybody";

  /** So many latencies stand for those of a second. */
  private static final int LATENCIES = 20;

  private final Rehearsal rehearsal;
  private final Admission admission;
  private double wantedCarry;

  SampledCalls(Rehearsal rehearsal) {
    this.rehearsal = rehearsal;
    this.admission = new Admission(rehearsal);
  }

  /** Whether a sample tells of calls at all. */
  static boolean tellsOfCalls(Map<Measure, Double> values) {
    return values.containsKey(Measure.ERROR_SHARE)
        || values.containsKey(Measure.CALLS_PER_SECOND)
        || Quantiles.of(values).known();
  }

  /** Makes the calls of one interval. */
  void make(Map<Measure, Double> values, long fromMillis, long toMillis, long stepMillis) {
    Quantiles latencies = Quantiles.of(values);
    double rate = values.getOrDefault(Measure.CALLS_PER_SECOND, CALLS_UNKNOWN);
    double errors = values.getOrDefault(Measure.ERROR_SHARE, 0.0);
    for (long from = fromMillis; from < toMillis; from += stepMillis) {
      long to = Math.min(toMillis, from + stepMillis);
      rehearsal.passTo(to);
      wantedCarry += rate * (to - from) / 1e3;
      long calls = (long) Math.min(wantedCarry, CallSample.MAX_CALLS);
      wantedCarry -= Math.floor(wantedCarry);
      if (calls > 0) {
        rehearsal.observe(sample(calls, errors, latencies, from, to));
      }
    }
  }

  Admission admission() {
    return admission;
  }

  private CallSample sample(long calls, double errors, Quantiles latencies, long from, long to) {
    long admitted = admission.admit(calls);
    long failed = admission.failed(admitted, errors);
    return new CallSample(
        CALLER,
        CALLER,
        from,
        to,
        rehearsal.breaker().epoch(),
        admitted,
        failed == 0 ? Map.of() : Map.of(ERROR_TYPE, failed),
        calls - admitted,
        histogram(admitted, latencies),
        List.of());
  }

  private ExponentialHistogram histogram(long calls, Quantiles latencies) {
    ExponentialHistogram histogram = ExponentialHistogram.empty();
    int parts = latencies.known() ? (int) Math.min(calls, LATENCIES) : 0;
    for (int part = 0; part < parts; part++) {
      long times = calls * (part + 1) / parts - calls * part / parts;
      histogram.record(latencies.nanos(admission.nextShare()), times);
    }
    return histogram;
  }
}
