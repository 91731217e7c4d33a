package dev.switchgear.detector;

import static java.util.Objects.requireNonNull;
import static org.apache.kafka.common.metrics.Sensor.RecordingLevel.INFO;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Dimension;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MeasurableStat;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeCount;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/** What one judge did not take as it was told, counted for whoever operates it. */
final class JudgeMetrics {

  private final StreamsMetrics metrics;
  private final String task;
  private final List<Sensor> all = new ArrayList<>();
  private final Map<Dimension, Sensor> suspects = new EnumMap<>(Dimension.class);
  private final Sensor unjudgedCalls;
  private final Sensor unjudgedFailures;

  /** Older than the window that it belongs to. */
  final Sensor late;

  /** Counted already. */
  final Sensor repeated;

  /** Metrics of calls that a guard or spans tell of. */
  final Sensor secondHand;

  /** A symptom of one caller only. */
  final Sensor oneCaller;

  /** Of a part for which there is no breaker of its own. */
  final Sensor notApart;

  /** Beyond the number of series. */
  final Sensor unwatched;

  /** Beyond the number of breakers. */
  private final Sensor unjudged;

  JudgeMetrics(ProcessorContext<Object, Object> context) {
    metrics = context.metrics();
    task = context.taskId().toString();
    late = counted("late-observations");
    repeated = counted("repeated-observations");
    secondHand = counted("second-hand-observations");
    oneCaller = counted("one-caller-symptoms");
    notApart = counted("observations-not-judged-apart");
    unwatched = counted("unwatched-measurements");
    unjudged = counted("unjudged-observations");
    unjudgedCalls = underTheStar("unjudged-calls-total");
    unjudgedFailures = underTheStar("unjudged-failures-total");
    for (Dimension dimension : Dimension.values()) {
      suspects.put(dimension, suspectsOf(dimension));
    }
  }

  /** One breaker too many: its calls count under {@value Names#OTHERS}. */
  void unjudged(CallSample sample) {
    unjudged.record();
    unjudgedCalls.record((double) sample.calls());
    long failed = sample.errors().values().stream().mapToLong(Long::longValue).sum();
    unjudgedFailures.record((double) failed);
  }

  /** One of this dimension is the likeliest culprit of one caller's trouble. */
  void suspected(Dimension dimension) {
    requireNonNull(suspects.get(dimension)).record();
  }

  void close() {
    all.forEach(metrics::removeSensor);
  }

  private Sensor counted(String name) {
    Sensor sensor = metrics.addRateTotalSensor("judge", task, name, INFO);
    all.add(sensor);
    return sensor;
  }

  /** The sum of what is recorded, where {@link #counted} counts how often. */
  private Sensor underTheStar(String name) {
    return total(name, name, "breaker", Names.OTHERS, new CumulativeSum());
  }

  private Sensor suspectsOf(Dimension dimension) {
    String name = "one-caller-suspects-total";
    String told = dimension.name().toLowerCase(Locale.ROOT);
    return total(name + "-" + told, name, "dimension", told, new CumulativeCount());
  }

  private Sensor total(
      String sensorName, String name, String tag, String value, MeasurableStat stat) {
    Sensor sensor = metrics.addSensor("judge-" + task + "-" + sensorName, INFO);
    Map<String, String> tags = Map.of("judge-id", task, tag, value);
    sensor.add(new MetricName(name, "stream-judge-metrics", "", tags), stat);
    all.add(sensor);
    return sensor;
  }
}
