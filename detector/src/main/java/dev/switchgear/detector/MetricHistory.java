package dev.switchgear.detector;

import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.streams.BadRecordException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Histograms of calls that were recorded, summed as the metric lane sums them, whenever they were
 * made. Points of one series come in the order of time. Not thread-safe.
 */
public final class MetricHistory {

  /** At half a kilobyte each half a gigabyte. */
  private static final int MOST_SERIES = 1_000_000;

  private final CallSeries series = new CallSeries(MOST_SERIES);
  private final Map<String, MetricSum> sums = new HashMap<>();
  private final BreakerIds ids = new BreakerIds();

  /**
   * Adds the calls that a point tells of.
   *
   * @return false where it tells of none, or anything of it is absurd
   */
  public boolean add(MetricPoint point) {
    String dependency = CallMetrics.dependency(point);
    if (dependency == null || !CallMetrics.isOfCalls(point) || series.isOverLimit(point)) {
      return false;
    }
    try {
      MetricSum.check(point, point.getAtEpochNanos() / 1_000_000);
      Names.check("dependency", dependency);
      String breaker = ids.of(dependency, CallMetrics.operation(point));
      Names.check("breaker", breaker);
      CallIncrease increase = series.take(point, (key, kept) -> {});
      if (increase != null && increase.calls() > 0) {
        sums.computeIfAbsent(
                MetricSum.key(breaker, point, increase),
                unseen -> new MetricSum(breaker, point, increase))
            .add(point, increase);
      }
      return true;
    } catch (BadRecordException e) {
      return false;
    }
  }

  /** What was observed, in no order. */
  public List<Observation> observations() {
    List<Observation> observations = new ArrayList<>();
    sums.values().forEach(sum -> observations.add(sum.numbered(0, observations.size() + 1L)));
    return observations;
  }
}
