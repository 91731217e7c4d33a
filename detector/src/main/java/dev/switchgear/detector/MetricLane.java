package dev.switchgear.detector;

import static org.apache.kafka.common.metrics.Sensor.RecordingLevel.INFO;

import dev.switchgear.detector.state.KeptNumbering;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.streams.BadRecordException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Makes observations of the histograms that services export of their outgoing calls. All points of
 * an instance lie on one partition, so what each adds to the one before is known here; what an
 * export says in many points is summed before it goes on.
 */
final class MetricLane implements Processor<String, MetricPoint, String, SpecificRecord> {

  /** Points of one export are read within moments; calls that are a minute old can wait for it. */
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** At half a kilobyte each a few megabytes; what is more is passed on before its time. */
  private static final int MOST_SUMS = 10_000;

  /** Series that count since their start, of which the last point is kept: half a kilobyte each. */
  static final int MOST_SERIES = 20_000;

  /** A series that says nothing for so long has ended with its process. */
  private static final long SERIES_ENDED_NANOS = Duration.ofMinutes(30).toNanos();

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final String NUMBERING = "numbering";

  private final Map<String, MetricSum> sums = new LinkedHashMap<>();
  private final Map<String, MetricPoint> latest = new HashMap<>();
  private final Map<String, Exports> exports = new HashMap<>();
  private final BreakerIds ids = new BreakerIds();
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

  /** When an instance exported a histogram, last and the time before; 0 where nobody knows. */
  private record Exports(long beforeNanos, long lastNanos) {
    static final Exports NONE = new Exports(0, 0);

    Exports with(long atNanos) {
      return atNanos > lastNanos ? new Exports(lastNanos, atNanos) : this;
    }
  }

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
    overSeriesLimit = sensor("points-over-series-limit");
    sensors = List.of(overNameLimit, overSeriesLimit);
    given.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> passOn());
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
    latest.clear();
    exports.clear();
    sequence = 0;
    incarnation = context.currentSystemTimeMs();
    numberingStore.forEachKept(
        (key, kept) -> {
          incarnation = kept.getIncarnation();
          sequence = kept.getSequence();
        });
    sumStore.forEachKept((key, kept) -> sums.put(key, new MetricSum(kept)));
    latestStore.forEachKept(
        (series, point) -> {
          latest.put(series, point);
          exported(point);
        });
  }

  private void count(MetricPoint point) {
    CallIncrease increase = point.getDelta() ? increase(point, null, 0) : compared(point);
    if (increase != null && increase.calls() > 0) {
      add(point, increase);
    }
  }

  /** What a point that counts since its start adds; it is what the next is compared with. */
  private @Nullable CallIncrease compared(MetricPoint point) {
    String series = CallMetrics.series(point);
    MetricPoint before = latest.get(series);
    if (before == null && latest.size() >= MOST_SERIES) {
      overSeriesLimit.record();
      return null;
    }
    long exported = exported(point).beforeNanos();
    CallIncrease increase = increase(point, before, exported);
    if (before == null || before.getAtEpochNanos() < point.getAtEpochNanos()) {
      latest.put(series, point);
      latestStore.changed(series, () -> point);
    }
    return increase;
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

  private void passOn() {
    wake();
    long now = context.currentSystemTimeMs();
    forgetEnded(now);
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

  /** Only where room is getting scarce: a series may be slow. */
  private void forgetEnded(long nowMillis) {
    if (latest.size() < MOST_SERIES / 2) {
      return;
    }
    long oldest = nowMillis * NANOS_PER_MILLI - SERIES_ENDED_NANOS;
    for (Map.Entry<String, MetricPoint> each : List.copyOf(latest.entrySet())) {
      if (each.getValue().getAtEpochNanos() < oldest) {
        latest.remove(each.getKey());
        exports.remove(CallMetrics.histogram(each.getValue()));
        latestStore.removed(each.getKey());
      }
    }
  }

  private Sensor sensor(String counted) {
    String task = context.taskId().toString();
    return context.metrics().addRateTotalSensor("metric-lane", task, counted, INFO);
  }
}
