package dev.switchgear.console.backtest;

import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesSample;
import dev.switchgear.detector.LevelHistory;
import dev.switchgear.detector.MetricHistory;
import dev.switchgear.detector.Samples;
import dev.switchgear.detector.SpanHistory;
import dev.switchgear.detector.backtest.Backtest;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Calls as they were observed, or as spans and metrics tell of them, and how busy services were by
 * their gauges; in any order until they are replayed.
 */
final class Observations implements History {

  /** Half a kilobyte each: two gigabytes. */
  private static final int MOST = 4_000_000;

  private static final long CURVE_MILLIS = 10_000;

  private final List<Observation> observed = new ArrayList<>();
  private final SpanHistory spans = new SpanHistory();
  private final MetricHistory metrics = new MetricHistory();
  private final LevelHistory levels = new LevelHistory();
  private final Map<String, Map<Long, long[]>> sums = new TreeMap<>();
  private final Map<String, Map<Measure, Column>> drawn = new TreeMap<>();
  private long values;
  private long gaps;

  /** Adds an observation; one that makes no sense is a gap. */
  void add(String key, Observation observation) {
    if (Samples.makesSense(key, observation)) {
      keep(observation);
      values++;
    } else {
      gaps++;
    }
  }

  /** Adds what a span tells of; one that makes no sense is a gap. */
  void add(Span span) {
    if (spans.add(span)) {
      values++;
    } else {
      gaps++;
    }
  }

  /** Adds what a histogram of calls or a gauge tells of; other points are gaps. */
  void add(MetricPoint point) {
    if (metrics.add(point) || levels.add(point)) {
      checkRoom();
      values++;
    } else {
      gaps++;
    }
  }

  /** Something that could not be read, or says nothing here. */
  void gap(long more) {
    gaps += more;
  }

  /** Nothing more will come. */
  Observations complete() {
    spans.observations().forEach(this::keep);
    metrics.observations().forEach(this::keep);
    observed.sort(Comparator.comparingLong(Observations::end));
    levels.replay(this::draw);
    return this;
  }

  boolean isEmpty() {
    return observed.isEmpty() && levels.size() == 0;
  }

  @Override
  public void replay(Backtest backtest) {
    observed.forEach(backtest::take);
    levels.replay(backtest::takeLevels);
  }

  @Override
  public long values() {
    return values;
  }

  @Override
  public long gaps() {
    return gaps;
  }

  @Override
  public List<Curve> curves(String breaker) {
    List<Curve> curves = new ArrayList<>();
    drawn
        .getOrDefault(breaker, Map.of())
        .forEach((measure, column) -> curves.add(new Curve(label(measure), column)));
    if (sums.containsKey(breaker)) {
      curves.addAll(0, ofCalls(breaker));
    }
    return curves;
  }

  private List<Curve> ofCalls(String breaker) {
    Column rate = new Column();
    Column errors = new Column();
    for (Map.Entry<Long, long[]> each : sums.getOrDefault(breaker, Map.of()).entrySet()) {
      long at = each.getKey() * CURVE_MILLIS;
      long[] sum = each.getValue();
      rate.add(at, sum[0] * 1e3 / CURVE_MILLIS);
      errors.add(at, sum[0] == 0 ? 0 : sum[1] / (double) sum[0]);
    }
    return List.of(new Curve("request_rate", rate), new Curve("error_rate", errors));
  }

  private void draw(String service, SeriesSample levels) {
    Map<Measure, Column> columns =
        drawn.computeIfAbsent(service, unseen -> new EnumMap<>(Measure.class));
    levels
        .values()
        .forEach(
            (measure, value) ->
                columns
                    .computeIfAbsent(measure, unseen -> new Column())
                    .add(levels.atMillis(), value));
  }

  private static String label(Measure measure) {
    return measure.name().toLowerCase(Locale.ROOT);
  }

  private void keep(Observation observation) {
    observed.add(observation);
    checkRoom();
    long[] sum =
        sums.computeIfAbsent(observation.getBreaker(), unseen -> new TreeMap<>())
            .computeIfAbsent(end(observation) / CURVE_MILLIS, unseen -> new long[2]);
    sum[0] += observation.getCalls();
    sum[1] += observation.getErrors().values().stream().mapToLong(Long::longValue).sum();
  }

  private void checkRoom() {
    if (observed.size() + levels.size() > MOST) {
      throw new HistoryException(
          "more than " + MOST + " observations; choose a shorter time with --from and --to", null);
    }
  }

  private static long end(Observation observation) {
    return observation.getFromMillis() + Math.max(1, observation.getIntervalMillis());
  }
}
