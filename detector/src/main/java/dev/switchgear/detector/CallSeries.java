package dev.switchgear.detector;

import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.streams.BadRecordException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The series of histograms that count since their start: each point is compared with the one before
 * it. One thread uses it.
 */
final class CallSeries {

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A series that says nothing for so long has ended with its process. */
  private static final long ENDED_NANOS = 1_800_000_000_000L;

  private final int most;
  private final Map<String, MetricPoint> latest = new HashMap<>();
  private final Map<String, Exports> exports = new HashMap<>();

  /** When an instance exported a histogram, last and the time before; 0 where nobody knows. */
  private record Exports(long beforeNanos, long lastNanos) {
    static final Exports NONE = new Exports(0, 0);

    Exports with(long atNanos) {
      return atNanos > lastNanos ? new Exports(lastNanos, atNanos) : this;
    }
  }

  /**
   * Knows none.
   *
   * @param most how many are told apart
   */
  CallSeries(int most) {
    this.most = most;
  }

  /** Whether a new series has no room any more. */
  boolean isOverLimit(MetricPoint point) {
    return latest.size() >= most
        && !point.getDelta()
        && !latest.containsKey(CallMetrics.series(point));
  }

  /**
   * What a point adds to what is known of its series.
   *
   * @param remembered told of the series and point that the next is compared with
   * @return null where it adds nothing, or nobody knows what
   * @throws BadRecordException if the point makes no sense
   */
  @Nullable CallIncrease take(MetricPoint point, BiConsumer<String, MetricPoint> remembered) {
    if (point.getDelta()) {
      return increase(point, null, 0);
    }
    String series = CallMetrics.series(point);
    MetricPoint before = latest.get(series);
    CallIncrease increase = increase(point, before, exported(point).beforeNanos());
    if (before == null || before.getAtEpochNanos() < point.getAtEpochNanos()) {
      latest.put(series, point);
      remembered.accept(series, point);
    }
    return increase;
  }

  /** A point that was remembered. */
  void restore(String series, MetricPoint point) {
    latest.put(series, point);
    exported(point);
  }

  void clear() {
    latest.clear();
    exports.clear();
  }

  /** Only where room is getting scarce: a series may be slow. */
  void forgetEnded(long nowMillis, Consumer<String> forgotten) {
    if (latest.size() < most / 2) {
      return;
    }
    long oldest = nowMillis * NANOS_PER_MILLI - ENDED_NANOS;
    for (Map.Entry<String, MetricPoint> each : Map.copyOf(latest).entrySet()) {
      if (each.getValue().getAtEpochNanos() < oldest) {
        latest.remove(each.getKey());
        exports.remove(CallMetrics.histogram(each.getValue()));
        forgotten.accept(each.getKey());
      }
    }
  }

  private Exports exported(MetricPoint point) {
    String histogram = CallMetrics.histogram(point);
    Exports now = exports.getOrDefault(histogram, Exports.NONE).with(point.getAtEpochNanos());
    exports.put(histogram, now);
    return now;
  }

  private static @Nullable CallIncrease increase(
      MetricPoint point, @Nullable MetricPoint before, long exportedNanos) {
    try {
      return CallIncrease.of(point, before, exportedNanos);
    } catch (IllegalArgumentException e) {
      throw new BadRecordException(String.valueOf(e.getMessage()), e);
    }
  }
}
