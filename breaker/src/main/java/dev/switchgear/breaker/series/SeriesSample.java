package dev.switchgear.breaker.series;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What was measured of a dependency at one moment; any subset of the measures.
 *
 * @param atMillis end of the interval it was measured over, epoch milliseconds
 * @param values finite and at least 0; error shares at most 1
 */
public record SeriesSample(long atMillis, Map<Measure, Double> values) {

  public SeriesSample {
    values = values.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(values));
    values.forEach(SeriesSample::check);
  }

  private static void check(Measure measure, double value) {
    double most = measure == Measure.ERROR_SHARE ? 1 : Double.MAX_VALUE;
    if (!(value >= 0 && value <= most)) {
      throw new IllegalArgumentException(
          measure + ": " + value + " (expected: 0.." + (most == 1 ? "1" : "a finite number") + ")");
    }
  }
}
