package dev.switchgear.ingest.outlet;

import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.MetricKind;
import dev.switchgear.schemas.MetricPoint;
import java.util.List;

/**
 * The points of one metric of one origin. A point that the record cannot hold truthfully is refused
 * with {@link IllegalArgumentException}.
 */
public record Series(Origin origin, String name, String unit) {

  /** Buckets of a histogram; OpenTelemetry's SDKs make at most 160. */
  static final int BUCKETS = 1_024;

  /** Those of OpenTelemetry's SDKs. */
  static final int LOWEST_SCALE = -10;

  static final int HIGHEST_SCALE = 20;

  public Series {
    if (name.isBlank()) {
      throw new IllegalArgumentException("metric: \"" + name + "\" (expected: a name)");
    }
    name = Texts.cut(name, Texts.NAME_CHARS);
    unit = Texts.cut(unit, Texts.NAME_CHARS);
  }

  /** The time a point covers; the start is 0 where nobody knows it. */
  public record Interval(long startEpochNanos, long atEpochNanos) {
    public Interval {
      if (startEpochNanos < 0 || atEpochNanos <= 0 || startEpochNanos > atEpochNanos) {
        throw new IllegalArgumentException(
            "interval: %d..%d ns (expected: start not after end, after 1970)"
                .formatted(startEpochNanos, atEpochNanos));
      }
    }
  }

  public MetricPoint gauge(long atEpochNanos, double value, Texts attributes) {
    Interval moment = new Interval(atEpochNanos, atEpochNanos);
    return point(MetricKind.GAUGE, moment, attributes).setValue(finite(value)).build();
  }

  /**
   * A point of a sum. One that counts since the start and may fall is a level: it becomes a gauge,
   * as OpenTelemetry's mapping to Prometheus does.
   */
  public MetricPoint sum(
      Interval covered, boolean delta, boolean monotonic, double value, Texts attributes) {
    return delta || monotonic
        ? point(MetricKind.SUM, covered, attributes).setDelta(delta).setValue(finite(value)).build()
        : gauge(covered.atEpochNanos(), value, attributes);
  }

  /** A histogram with explicit bounds. */
  public MetricPoint histogram(
      Interval covered,
      boolean delta,
      Measured measured,
      List<Double> bounds,
      List<Long> counts,
      Texts attributes) {
    checkBounds(bounds, counts);
    return histogram(covered, delta, measured, attributes)
        .setBounds(List.copyOf(bounds))
        .setBoundCounts(List.copyOf(counts))
        .build();
  }

  /** An exponential histogram of what was not negative. */
  public MetricPoint exponential(
      Interval covered, boolean delta, Measured measured, Histogram buckets, Texts attributes) {
    checkBuckets(buckets);
    return histogram(covered, delta, measured, attributes).setExponential(buckets).build();
  }

  /** Negative measurements of an exponential histogram have no place in the record. */
  public static void checkNothingNegative(long negativeCount) {
    if (negativeCount != 0) {
      throw new IllegalArgumentException(
          "negative measurements: " + negativeCount + " (expected: none)");
    }
  }

  /** How many were measured, and their sum. */
  public record Measured(long count, double sum) {
    public Measured {
      if (count < 0) {
        throw new IllegalArgumentException("count: " + count + " (expected: at least 0)");
      }
      finite(sum);
    }
  }

  private MetricPoint.Builder histogram(
      Interval covered, boolean delta, Measured measured, Texts attributes) {
    return point(MetricKind.HISTOGRAM, covered, attributes)
        .setDelta(delta)
        .setCount(measured.count())
        .setValue(measured.sum());
  }

  private MetricPoint.Builder point(MetricKind kind, Interval covered, Texts attributes) {
    return MetricPoint.newBuilder()
        .setName(name)
        .setUnit(unit)
        .setKind(kind)
        .setService(origin.service())
        .setInstance(origin.instance())
        .setStartEpochNanos(covered.startEpochNanos())
        .setAtEpochNanos(covered.atEpochNanos())
        .setAttributes(attributes.map());
  }

  private static void checkBounds(List<Double> bounds, List<Long> counts) {
    boolean noBuckets = bounds.isEmpty() && counts.isEmpty();
    if (!noBuckets && (counts.size() != bounds.size() + 1 || counts.size() > BUCKETS)) {
      throw new IllegalArgumentException(
          "bucket counts: %d with %d bounds (expected: one more than bounds, at most %d)"
              .formatted(counts.size(), bounds.size(), BUCKETS));
    }
    for (int i = 1; i < bounds.size(); i++) {
      if (!(bounds.get(i - 1) < bounds.get(i))) {
        throw new IllegalArgumentException("bounds: " + bounds + " (expected: rising)");
      }
    }
    checkCounts(counts);
  }

  private static void checkBuckets(Histogram buckets) {
    int scale = buckets.getScale();
    if (scale < LOWEST_SCALE || scale > HIGHEST_SCALE) {
      throw new IllegalArgumentException(
          "scale: %d (expected: %d..%d)".formatted(scale, LOWEST_SCALE, HIGHEST_SCALE));
    }
    int size = buckets.getCounts().size();
    if (size > BUCKETS || Math.abs((long) buckets.getOffset()) + size > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "buckets: %d from %d (expected: at most %d)"
              .formatted(size, buckets.getOffset(), BUCKETS));
    }
    checkCounts(buckets.getCounts());
    checkCounts(List.of(buckets.getZeroCount()));
  }

  private static void checkCounts(List<Long> counts) {
    for (long count : counts) {
      if (count < 0) {
        throw new IllegalArgumentException("bucket count: " + count + " (expected: at least 0)");
      }
    }
  }

  private static double finite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value: " + value + " (expected: a finite number)");
    }
    return value;
  }
}
