package dev.switchgear.detector;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.series.Limits;
import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesJudge;
import dev.switchgear.detector.state.KeptSeries;
import dev.switchgear.detector.state.ServiceLevel;
import dev.switchgear.detector.state.ServiceLevels;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is measured of one breaker, or of the service of the same name, while it happens. One thread
 * uses it.
 */
final class LiveSeries {

  /** Twice the time between two exports, and a little. */
  private static final long STALE_MILLIS = Duration.ofMinutes(3).toMillis();

  /** A level that nobody measures for so long is none any more. */
  private static final long GONE_MILLIS = Duration.ofMinutes(10).toMillis();

  /** A symptom in measures trips nothing by itself: ten times as many false ones are bearable. */
  private static final double BEARABLE = 10;

  private static final double MOST_ALARMS_PER_DAY = 10;

  private final String id;
  private final CallRate rate;
  private final SeriesJudge judge;
  private final Map<Integer, ServiceLevels> levels = new HashMap<>();
  private final Map<Measure, Long> measuredMillis = new EnumMap<>(Measure.class);
  private BreakerPolicy policy;
  private boolean levelNews;
  private long heardMillis;
  private long keptMillis;

  LiveSeries(String id, BreakerPolicy policy, long nowMillis) {
    this.id = id;
    this.policy = policy;
    this.rate = new CallRate(nowMillis);
    this.judge = new SeriesJudge(falseAlarms(policy), limits(policy));
    this.heardMillis = nowMillis;
  }

  /**
   * As {@link #kept} gave it. What was called and not looked at yet is not kept; looks go on with
   * what is called from now on.
   */
  LiveSeries(String id, BreakerPolicy policy, KeptSeries kept, long nowMillis) {
    this.id = id;
    this.policy = policy;
    this.rate = new CallRate(nowMillis);
    this.rate.restore(kept.getCallers());
    this.judge =
        SeriesJudge.restore(
            falseAlarms(policy), limits(policy), SeriesKeeping.memory(kept.getMeasures()));
    this.heardMillis = kept.getHeardMillis();
    this.keptMillis = nowMillis;
    kept.getMeasures()
        .forEach(each -> measuredMillis.put(Measure.valueOf(each.getMeasure()), nowMillis));
    measuredMillis.remove(Measure.CALLS_PER_SECOND);
  }

  String id() {
    return id;
  }

  CallRate rate() {
    return rate;
  }

  SeriesJudge judge() {
    return judge;
  }

  BreakerPolicy policy() {
    return policy;
  }

  long heardMillis() {
    return heardMillis;
  }

  long keptMillis() {
    return keptMillis;
  }

  void heard(long nowMillis) {
    heardMillis = nowMillis;
  }

  void take(ServiceLevels known) {
    levels.put(known.getPartition(), known);
    levelNews = true;
  }

  /** Goes by the policy of today. */
  void follow(BreakerPolicy today) {
    if (!today.equals(policy)) {
      policy = today;
      judge.adopt(falseAlarms(today), limits(today));
    }
  }

  /**
   * How busy the service is now: of shares the mean of its instances, of what waits the sum. Empty
   * where nothing is new.
   */
  Map<Measure, Double> levels(long nowMillis) {
    Map<Measure, Double> values = new EnumMap<>(Measure.class);
    levels.values().removeIf(each -> nowMillis - each.getAtMillis() > STALE_MILLIS);
    if (!levelNews) {
      return values;
    }
    levelNews = false;
    Map<Measure, Integer> instances = new EnumMap<>(Measure.class);
    for (ServiceLevels partition : levels.values()) {
      for (ServiceLevel each : partition.getLevels()) {
        Measure measure = Measure.valueOf(each.getMeasure());
        values.merge(measure, each.getSum(), Double::sum);
        instances.merge(measure, each.getInstances(), Integer::sum);
      }
    }
    instances.remove(Measure.QUEUE_DEPTH);
    instances.forEach((measure, count) -> values.merge(measure, (double) count, LiveSeries::per));
    values.keySet().removeIf(measure -> !isWatched(measure));
    values.keySet().forEach(measure -> measuredMillis.put(measure, nowMillis));
    return values;
  }

  /** Levels that nobody measures any longer, or that the policy does not look at. */
  List<Measure> gone(long nowMillis) {
    List<Measure> gone =
        measuredMillis.entrySet().stream()
            .filter(e -> nowMillis - e.getValue() > GONE_MILLIS || !isWatched(e.getKey()))
            .map(Map.Entry::getKey)
            .toList();
    gone.forEach(measuredMillis::remove);
    return gone;
  }

  KeptSeries kept(long nowMillis) {
    keptMillis = nowMillis;
    return new KeptSeries(heardMillis, SeriesKeeping.kept(judge.memory()), rate.kept());
  }

  private static double per(double sum, double count) {
    return sum / count;
  }

  private boolean isWatched(Measure measure) {
    return measure == Measure.QUEUE_DEPTH
        ? policy.watched().queue().watched()
        : policy.watched().saturation().watched();
  }

  private static double falseAlarms(BreakerPolicy policy) {
    var watched = policy.watched();
    boolean opens =
        watched.throughput().opens()
            || watched.silence().opens()
            || watched.saturation().opens()
            || watched.queue().opens();
    double factor = opens ? 1 : BEARABLE;
    return Math.min(MOST_ALARMS_PER_DAY, factor * policy.falseTripsPerDay());
  }

  private static Limits limits(BreakerPolicy policy) {
    double items = policy.watched().queue().limit();
    return new Limits(
        policy.watched().saturation().limit(), items > 0 ? items : Double.POSITIVE_INFINITY);
  }
}
