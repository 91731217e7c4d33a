package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.MetricPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Calls that a point of a histogram tells of and the one before it of the same series does not.
 *
 * @param fromNanos when the first of them can have ended, epoch nanoseconds
 * @param toNanos when the last of them can have ended
 * @param latencyNanos as exact as the point's buckets are
 */
record CallIncrease(long fromNanos, long toNanos, ExponentialHistogram latencyNanos) {

  /**
   * The first cumulative point of a series tells of calls since its start. If that is longer ago
   * than this, nobody knows how many of them are news.
   */
  private static final long NEWS_NANOS = 120_000_000_000L;

  /** How far beyond its last bound an explicit histogram's slowest calls are taken to lie. */
  private static final double BEYOND = 1.5;

  /** Buckets at a power of two, by index; zeros apart. */
  private record Powers(int scale, long zeros, TreeMap<Integer, Long> counts) {}

  CallIncrease {
    if (toNanos < fromNanos) {
      throw Names.bad("startEpochNanos", fromNanos, "not after " + toNanos);
    }
  }

  /**
   * What the point adds.
   *
   * <p>Only those that count since their start need to be compared. A series that appears while its
   * histogram is known, as that of a new error does, has counted nothing before.
   *
   * @param before the one before it of the series; null where none is known
   * @param exportedNanos when the instance exported this histogram before; 0 where nobody knows
   * @return null where it adds nothing, or nobody knows what
   */
  static @Nullable CallIncrease of(
      MetricPoint point, @Nullable MetricPoint before, long exportedNanos) {
    long at = point.getAtEpochNanos();
    long start = point.getStartEpochNanos();
    if (point.getDelta()) {
      return whole(point, start);
    }
    if (before == null && exportedNanos > 0) {
      return whole(point, Math.max(start, exportedNanos));
    }
    if (before == null) {
      return start > 0 && at - start <= NEWS_NANOS ? whole(point, start) : null;
    }
    if (at <= before.getAtEpochNanos()) {
      return null;
    }
    long from = before.getAtEpochNanos();
    long startBefore = before.getStartEpochNanos();
    if (startBefore > 0 && start > startBefore) {
      return whole(point, Math.max(start, from));
    }
    return since(point, before);
  }

  long calls() {
    return latencyNanos.count();
  }

  /** The process began anew, or each point stands for itself: everything it counts is new. */
  private static CallIncrease whole(MetricPoint point, long fromNanos) {
    ExponentialHistogram latency = ExponentialHistogram.empty();
    Histogram exponential = point.getExponential();
    if (exponential != null) {
      record(latency, powers(exponential), CallMetrics.nanos(point));
    } else if (point.getBounds().isEmpty()) {
      latency.record(mean(point) * CallMetrics.nanos(point), point.getCount());
    } else {
      record(latency, point, point.getBoundCounts());
    }
    return new CallIncrease(fromNanos, point.getAtEpochNanos(), latency);
  }

  /** Where anything falls that can only grow, the count began anew without saying so. */
  private static CallIncrease since(MetricPoint point, MetricPoint before) {
    long from = before.getAtEpochNanos();
    Histogram now = point.getExponential();
    Histogram then = before.getExponential();
    ExponentialHistogram latency = ExponentialHistogram.empty();
    boolean grew = false;
    if (now != null && then != null) {
      Powers grown = grown(powers(now), powers(then));
      grew = grown != null;
      if (grown != null) {
        record(latency, grown, CallMetrics.nanos(point));
      }
    } else if (now == null && point.getBounds().equals(before.getBounds())) {
      List<Long> grown = grown(counts(point), counts(before));
      grew = grown != null;
      if (grown != null) {
        record(latency, point, grown);
      }
    }
    return grew ? new CallIncrease(from, point.getAtEpochNanos(), latency) : whole(point, from);
  }

  private static List<Long> counts(MetricPoint point) {
    return point.getBounds().isEmpty() ? List.of(point.getCount()) : point.getBoundCounts();
  }

  private static @Nullable List<Long> grown(List<Long> now, List<Long> then) {
    List<Long> grown = new ArrayList<>();
    for (int i = 0; i < now.size(); i++) {
      long difference = now.get(i) - (i < then.size() ? then.get(i) : 0);
      if (difference < 0) {
        return null;
      }
      grown.add(difference);
    }
    return grown;
  }

  private static @Nullable Powers grown(Powers now, Powers then) {
    int scale = Math.min(now.scale(), then.scale());
    TreeMap<Integer, Long> counts = downscaled(now, scale);
    downscaled(then, scale).forEach((index, count) -> counts.merge(index, -count, Long::sum));
    long zeros = now.zeros() - then.zeros();
    boolean fell = zeros < 0 || counts.values().stream().anyMatch(count -> count < 0);
    return fell ? null : new Powers(scale, zeros, counts);
  }

  private static TreeMap<Integer, Long> downscaled(Powers powers, int scale) {
    TreeMap<Integer, Long> counts = new TreeMap<>();
    int shift = powers.scale() - scale;
    powers.counts().forEach((index, count) -> counts.merge(index >> shift, count, Long::sum));
    return counts;
  }

  private static Powers powers(Histogram histogram) {
    TreeMap<Integer, Long> counts = new TreeMap<>();
    int index = histogram.getOffset();
    for (long count : histogram.getCounts()) {
      if (count != 0) {
        counts.put(index, count);
      }
      index++;
    }
    return new Powers(histogram.getScale(), histogram.getZeroCount(), counts);
  }

  private static void record(ExponentialHistogram latency, Powers powers, double nanos) {
    latency.record(0, powers.zeros());
    for (Map.Entry<Integer, Long> each : powers.counts().entrySet()) {
      double middle = Math.pow(2, (each.getKey() + 0.5) * Math.scalb(1.0, -powers.scale()));
      latency.record(Math.min(middle * nanos, Double.MAX_VALUE), each.getValue());
    }
  }

  private static void record(ExponentialHistogram latency, MetricPoint point, List<Long> counts) {
    double nanos = CallMetrics.nanos(point);
    for (int i = 0; i < counts.size(); i++) {
      latency.record(middle(point.getBounds(), i) * nanos, counts.get(i));
    }
  }

  /** Of a bucket: the geometric middle, as for powers; half of the first bound, beyond the last. */
  private static double middle(List<Double> bounds, int bucket) {
    if (bucket >= bounds.size()) {
      return BEYOND * Math.max(0, bounds.get(bounds.size() - 1));
    }
    double upper = Math.max(0, bounds.get(bucket));
    double lower = bucket == 0 ? 0 : Math.max(0, bounds.get(bucket - 1));
    return lower > 0 ? Math.sqrt(lower * upper) : upper / 2;
  }

  private static double mean(MetricPoint point) {
    return Math.max(0, point.getValue()) / Math.max(1, point.getCount());
  }
}
