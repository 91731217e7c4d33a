package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.streams.BadRecordException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Calls of one breaker by one service instance, over one interval of its metrics: what an exporter
 * writes at once, a point for each status and error type, is one observation. One thread uses it.
 */
final class MetricSum {

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long CLOCK_OFF_MILLIS = Duration.ofDays(1).toMillis();
  private static final int ERROR_TYPES = 16;

  private final String breaker;
  private final String service;
  private final String instance;
  private final long fromMillis;
  private final long toMillis;
  private final ExponentialHistogram latency;
  private final Map<String, Long> errors;

  /** Of no calls yet. */
  MetricSum(String breaker, MetricPoint point, CallIncrease increase) {
    this.breaker = breaker;
    this.service = point.getService();
    this.instance = point.getInstance();
    this.fromMillis = fromMillis(increase);
    this.toMillis = toMillis(increase);
    this.latency = ExponentialHistogram.empty();
    this.errors = new HashMap<>();
  }

  /** As {@link #kept} gave it. */
  MetricSum(Observation kept) {
    this.breaker = kept.getBreaker();
    this.service = kept.getService();
    this.instance = kept.getInstance();
    this.fromMillis = kept.getFromMillis();
    this.toMillis = kept.getFromMillis() + kept.getIntervalMillis();
    this.latency = Histograms.of(kept.getLatencyNanos());
    this.errors = new HashMap<>(kept.getErrors());
  }

  /** What tells it from others; no name holds the character between the parts. */
  static String key(String breaker, MetricPoint point, CallIncrease increase) {
    return String.join(
        "\0",
        breaker,
        point.getService(),
        point.getInstance(),
        Long.toString(fromMillis(increase)),
        Long.toString(toMillis(increase)));
  }

  /**
   * Refuses what no program with a clock can have written.
   *
   * @throws BadRecordException if the interval is absurd
   */
  static void check(MetricPoint point, long nowMillis) {
    Names.check("service", point.getService());
    Names.check("instance", point.getInstance());
    long at = point.getAtEpochNanos() / NANOS_PER_MILLI;
    if (Math.abs(at - nowMillis) > CLOCK_OFF_MILLIS) {
      throw Names.bad(
          "atEpochNanos", point.getAtEpochNanos(), "within a day of " + nowMillis + " ms");
    }
  }

  void add(MetricPoint point, CallIncrease increase) {
    latency.add(increase.latencyNanos());
    String type = CallMetrics.errorType(point);
    if (type != null) {
      boolean told = errors.containsKey(type) || errors.size() < ERROR_TYPES;
      errors.merge(told ? type : Names.OTHERS, increase.calls(), Long::sum);
    }
  }

  /** What a restart needs: the observation without a number. */
  Observation kept() {
    return numbered(0, 0);
  }

  Observation numbered(long incarnation, long sequence) {
    return Observation.newBuilder()
        .setBreaker(breaker)
        .setLane(Lane.METRIC)
        .setService(service)
        .setInstance(instance)
        .setSequence(sequence)
        .setIncarnation(incarnation)
        .setFromMillis(fromMillis)
        .setIntervalMillis((int) (toMillis - fromMillis))
        .setEpoch(CallSample.NO_EPOCH)
        .setCalls(latency.count())
        .setErrors(Map.copyOf(errors))
        .setLatencyNanos(Histograms.record(latency))
        .build();
  }

  private static long toMillis(CallIncrease increase) {
    return increase.toNanos() / NANOS_PER_MILLI;
  }

  private static long fromMillis(CallIncrease increase) {
    long to = toMillis(increase);
    long longest = to - CallSample.MAX_INTERVAL_MILLIS;
    return Math.min(to - 1, Math.max(longest, increase.fromNanos() / NANOS_PER_MILLI));
  }
}
