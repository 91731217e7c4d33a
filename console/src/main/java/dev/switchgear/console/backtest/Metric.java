package dev.switchgear.console.backtest;

import dev.switchgear.breaker.policy.NearestName;
import dev.switchgear.breaker.series.Measure;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The metrics a file may hold, under their names there. */
enum Metric {
  /** Calls in the interval. */
  CALLS(null),
  /** Failed calls in the interval. */
  ERRORS(null),
  /** Share of failed calls, in percent, or failed calls a second. */
  ERROR_RATE(null),
  /** Calls a second. */
  REQUEST_RATE(Measure.CALLS_PER_SECOND),
  LATENCY_AVG_MS(Measure.LATENCY_MEAN),
  LATENCY_P50_MS(Measure.LATENCY_P50),
  LATENCY_P90_MS(Measure.LATENCY_P90),
  LATENCY_P95_MS(Measure.LATENCY_P95),
  LATENCY_P99_MS(Measure.LATENCY_P99),
  CPU(Measure.CPU),
  MEMORY(Measure.MEMORY),
  QUEUE_DEPTH(Measure.QUEUE_DEPTH);

  private static final List<String> LABELS = Arrays.stream(values()).map(Metric::label).toList();

  /** What it is to the brain; null where that takes more than one metric. */
  final @Nullable Measure measure;

  Metric(@Nullable Measure measure) {
    this.measure = measure;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Metric> of(String label) {
    return Arrays.stream(values()).filter(each -> each.label().equals(label)).findFirst();
  }

  /** What a person should have written. */
  static String expected(String label) {
    return NearestName.of(label, LABELS).map(name -> "did you mean " + name + "? ").orElse("")
        + "expected: one of "
        + String.join(", ", LABELS);
  }
}
