package dev.switchgear.detector;

import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.MetricKind;
import dev.switchgear.schemas.MetricPoint;
import java.util.List;
import java.util.Map;

/** Points as OpenTelemetry's SDK exports them. */
final class MetricPoints {

  static final List<Double> BOUNDS = List.of(0.01, 0.1, 1.0);

  /** Calls to payments that were answered. */
  static final Map<String, String> ANSWERED =
      Map.of("server.address", "payments", "http.response.status_code", "200");

  /** Calls to payments that failed. */
  static final Map<String, String> FAILED =
      Map.of("server.address", "payments", "http.response.status_code", "503", "error.type", "503");

  private MetricPoints() {}

  /** Calls of checkout-1 over an interval, all between 10 and 100 ms. */
  static MetricPoint.Builder calls(long fromMillis, long toMillis, long calls) {
    return histogram(fromMillis, toMillis)
        .setDelta(true)
        .setCount(calls)
        .setValue(0.05 * calls)
        .setBounds(BOUNDS)
        .setBoundCounts(List.of(0L, calls, 0L, 0L));
  }

  /** All calls of checkout-1 since its start, all between 10 and 100 ms. */
  static MetricPoint.Builder callsSince(long startMillis, long atMillis, long calls) {
    return calls(startMillis, atMillis, calls).setDelta(false);
  }

  static MetricPoint.Builder exponentialSince(
      long startMillis, long atMillis, int scale, int offset, Long... counts) {
    return histogram(startMillis, atMillis)
        .setDelta(false)
        .setExponential(new Histogram(scale, 0L, offset, List.of(counts)));
  }

  static MetricPoint.Builder gauge(String name, long atMillis, double value) {
    return point(name, atMillis, atMillis).setKind(MetricKind.GAUGE).setUnit("1").setValue(value);
  }

  private static MetricPoint.Builder histogram(long fromMillis, long toMillis) {
    return point("http.client.request.duration", fromMillis, toMillis)
        .setKind(MetricKind.HISTOGRAM)
        .setUnit("s")
        .setValue(0)
        .setAttributes(ANSWERED);
  }

  private static MetricPoint.Builder point(String name, long fromMillis, long toMillis) {
    return MetricPoint.newBuilder()
        .setName(name)
        .setService("checkout")
        .setInstance("checkout-1")
        .setStartEpochNanos(fromMillis * 1_000_000)
        .setAtEpochNanos(toMillis * 1_000_000);
  }
}
