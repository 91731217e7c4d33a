package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.series.Measure;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The latencies that a few quantiles tell of. Between two known quantiles the logarithm of latency
 * is taken to grow evenly with the share; below the lowest and above the highest nothing is made
 * up: all of that is taken for the quantile itself. Where only a mean is known, every call takes
 * it.
 */
final class Quantiles {

  private static final Map<Measure, Double> SHARES =
      Map.of(
          Measure.LATENCY_P50, 0.50,
          Measure.LATENCY_P90, 0.90,
          Measure.LATENCY_P95, 0.95,
          Measure.LATENCY_P99, 0.99);

  private final NavigableMap<Double, Double> millisByShare = new TreeMap<>();

  private Quantiles() {}

  static Quantiles of(Map<Measure, Double> values) {
    Quantiles known = new Quantiles();
    for (Map.Entry<Measure, Double> each : SHARES.entrySet()) {
      Double millis = values.get(each.getKey());
      if (millis != null && millis > 0) {
        known.millisByShare.put(each.getValue(), millis);
      }
    }
    Double mean = values.get(Measure.LATENCY_MEAN);
    if (known.millisByShare.isEmpty() && mean != null && mean > 0) {
      known.millisByShare.put(0.5, mean);
    }
    return known;
  }

  boolean known() {
    return !millisByShare.isEmpty();
  }

  /**
   * The latency below which a share of the calls lies, in nanoseconds.
   *
   * @param share 0..1
   */
  double nanos(double share) {
    Map.Entry<Double, Double> below = millisByShare.floorEntry(share);
    Map.Entry<Double, Double> above = millisByShare.ceilingEntry(share);
    if (below == null || above == null) {
      return 1e6 * (below == null ? millisByShare.firstEntry() : below).getValue();
    }
    double width = above.getKey() - below.getKey();
    double part = width == 0 ? 0 : (share - below.getKey()) / width;
    double ratio = above.getValue() / below.getValue();
    return 1e6 * below.getValue() * Math.pow(ratio, part);
  }
}
