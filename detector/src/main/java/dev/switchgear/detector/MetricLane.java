package dev.switchgear.detector;

import static org.apache.kafka.common.metrics.Sensor.RecordingLevel.INFO;

import dev.switchgear.detector.state.KeptNumbering;
import dev.switchgear.detector.state.ServiceLevels;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.streams.BadRecordException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Makes observations of the histograms that services export of their outgoing calls, and levels of
 * their gauges. All points of an instance lie on one partition, so what each adds to the one before
 * is known here. What an export says in many points, and many instances of a service, is summed
 * before it goes on.
 */
final class MetricLane implements Processor<String, MetricPoint, String, SpecificRecord> {

  /** Points of one export are read within moments; calls that are a minute old can wait for it. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** How often it is told how busy services are. */
  private static final Duration LEVELS = Duration.ofSeconds(10);

  /** At half a kilobyte each a few megabytes; what is more is passed on before its time. */
  private static final int MOST_SUMS = 10_000;

  /** Series that count since their start, of which the last point is kept: half a kilobyte each. */
  static final int MOST_SERIES = 20_000;

  private static final String NUMBERING = "numbering";

  private final Map<String, MetricSum> sums = new LinkedHashMap<>();
  private final CallSeries series = new CallSeries(MOST_SERIES);
  private final BreakerIds ids = new BreakerIds();
  private final Levels levels = new Levels();
  private ProcessorContext<String, SpecificRecord> context;
  private WriteBehindStore<Observation> sumStore;
  private WriteBehindStore<MetricPoint> latestStore;
  private WriteBehindStore<KeptNumbering> numberingStore;
  private List<Sensor> sensors;
  private Sensor overNameLimit;
  private Sensor overSeriesLimit;
  private long incarnation;
  private long sequence;
  private boolean awake;

  @SuppressWarnings("NullAway.Init") // Streams calls init first.
  MetricLane() {}

  @Override
  public void init(ProcessorContext<String, SpecificRecord> given) {
    context = given;
    awake = false; // The same processor is begun anew when its task comes back.
    sumStore = given.getStateStore(DetectorTopology.METRIC_SUMS);
    latestStore = given.getStateStore(DetectorTopology.METRIC_SERIES);
    numberingStore = given.getStateStore(DetectorTopology.METRIC_NUMBERING);
    overNameLimit = sensor("metric-calls-over-name-limit");
    overSeriesLimit = sensor("metric-points-over-limit");
    sensors = List.of(overNameLimit, overSeriesLimit);
    given.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> passOn());
    given.schedule(LEVELS, PunctuationType.WALL_CLOCK_TIME, now -> passOnLevels());
  }

  @Override
  public void process(Record<String, MetricPoint> record) {
    wake();
    MetricPoint point = record.value();
    if (point == null) {
      throw new BadRecordException("value: none (expected: a metric point)");
    }
    if (CallMetrics.isOfCalls(point)) {
      MetricSum.check(point, context.currentSystemTimeMs());
      count(point);
    } else if (LevelMetrics.isLevel(point)) {
      MetricSum.check(point, context.currentSystemTimeMs());
      if (!levels.take(point)) {
        overSeriesLimit.record();
      }
    }
  }

  @Override
  public void close() {
    sensors.forEach(context.metrics()::removeSensor);
  }

  private void wake() {
    if (awake) {
      return;
    }
    awake = true;
    sums.clear();
    series.clear();
    sequence = 0;
    incarnation = context.currentSystemTimeMs();
    numberingStore.forEachKept(
        (key, kept) -> {
          incarnation = kept.getIncarnation();
          sequence = kept.getSequence();
        });
    sumStore.forEachKept((key, kept) -> sums.put(key, new MetricSum(kept)));
    latestStore.forEachKept(series::restore);
  }

  /** An export that counted no calls says that there were none, and that it would have. */
  private void count(MetricPoint point) {
    if (series.isOverLimit(point)) {
      overSeriesLimit.record();
      return;
    }
    CallIncrease increase = series.take(point, this::remember);
    if (increase != null) {
      add(point, increase);
    }
  }

  private void remember(String key, MetricPoint point) {
    latestStore.changed(key, () -> point);
  }

  private void add(MetricPoint point, CallIncrease increase) {
    String dependency = CallMetrics.dependency(point);
    if (dependency == null) {
      return;
    }
    Names.check("dependency", dependency);
    String breaker = ids.of(dependency, CallMetrics.operation(point));
    Names.check("breaker", breaker);
    if (BreakerIds.isOverLimit(breaker)) {
      overNameLimit.record();
    }
    String key = MetricSum.key(breaker, point, increase);
    MetricSum sum = sums.computeIfAbsent(key, unseen -> new MetricSum(breaker, point, increase));
    sum.add(point, increase);
    sumStore.changed(key, sum::kept);
    if (sums.size() >= MOST_SUMS) {
      passOn();
    }
  }

  /** A level that is passed on twice is the same level. */
  private void passOnLevels() {
    long now = context.currentSystemTimeMs();
    for (ServiceLevels each : levels.sums(context.taskId().partition(), now)) {
      context.forward(new Record<>(each.getService(), each, now), DetectorTopology.METRIC_LEVELS);
    }
  }

  private void passOn() {
    wake();
    long now = context.currentSystemTimeMs();
    series.forgetEnded(now, latestStore::removed);
    if (sums.isEmpty()) {
      return;
    }
    sums.forEach(
        (key, sum) -> {
          Observation observation = sum.numbered(incarnation, ++sequence);
          context.forward(
              new Record<>(observation.getBreaker(), observation, now),
              DetectorTopology.METRIC_OBSERVATIONS);
          sumStore.removed(key);
        });
    sums.clear();
    numberingStore.changed(NUMBERING, () -> new KeptNumbering(incarnation, sequence));
  }

  private Sensor sensor(String counted) {
    String task = context.taskId().toString();
    return context.metrics().addRateTotalSensor("metric-lane", task, counted, INFO);
  }
}
