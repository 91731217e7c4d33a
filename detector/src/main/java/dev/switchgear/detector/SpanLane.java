package dev.switchgear.detector;

import static dev.switchgear.detector.DetectorTopology.SPAN_OBSERVATIONS;
import static org.apache.kafka.common.metrics.Sensor.RecordingLevel.INFO;

import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.detector.state.KeptNumbering;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.streams.BadRecordException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Sums the calls that spans of one partition tell of, and four times a second passes on what was
 * summed since. Calls are summed by when they were made, and passed on by the wall clock: however
 * late they are read, they are in the observation of their own time, and nothing is held back or
 * left out because anything else is further ahead.
 */
final class SpanLane implements Processor<String, Object, Object, Object> {

  private static final Duration INTERVAL = Duration.ofMillis(250);

  /** At half a kilobyte each a few megabytes; what is more is passed on before its time. */
  private static final int MOST_SUMS = 10_000;

  private static final String NUMBERING = "numbering";

  private final Map<SpanSum.Key, SpanSum> sums = new LinkedHashMap<>();
  private final SpanReader reader;
  private ProcessorContext<Object, Object> context;
  private Unbundling unbundling;
  private WriteBehindStore<Observation> sumStore;
  private WriteBehindStore<KeptNumbering> numberingStore;
  private Sensor overLimit;
  private long incarnation;
  private long sequence;
  private boolean awake;

  /**
   * A lane of no spans yet.
   *
   * @param decoder for spans of other schemas than this build's
   */
  @SuppressWarnings("NullAway.Init") // Streams calls init first.
  SpanLane(Deserializer<Span> decoder) {
    this.reader = new SpanReader(decoder);
  }

  @Override
  public void init(ProcessorContext<Object, Object> given) {
    context = given;
    awake = false; // The same processor is begun anew when its task comes back.
    unbundling = new Unbundling(given, DetectorTopology.SPAN_DEAD_LETTERS);
    sumStore = given.getStateStore(DetectorTopology.SPAN_SUMS);
    numberingStore = given.getStateStore(DetectorTopology.SPAN_NUMBERING);
    String task = given.taskId().toString();
    overLimit =
        given.metrics().addRateTotalSensor("span-lane", task, "calls-over-name-limit", INFO);
    given.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> passOn());
  }

  @Override
  public void process(Record<String, Object> record) {
    wake();
    long now = context.currentSystemTimeMs();
    if (record.value() instanceof Bundle bundle) {
      unbundling.each(bundle, each -> add(reader.read(each.value(), now)));
    } else if (record.value() instanceof Span span) {
      add(reader.read(span, now));
    } else {
      throw new BadRecordException("value: none (expected: a span)");
    }
  }

  @Override
  public void close() {
    context.metrics().removeSensor(overLimit);
  }

  private void wake() {
    if (awake) {
      return;
    }
    awake = true;
    sums.clear();
    sequence = 0;
    incarnation = context.currentSystemTimeMs();
    numberingStore.forEachKept(
        (key, kept) -> {
          incarnation = kept.getIncarnation();
          sequence = kept.getSequence();
        });
    sumStore.forEachKept((key, kept) -> restore(new SpanSum(kept)));
  }

  private void restore(SpanSum sum) {
    sums.put(sum.key(), sum);
  }

  private void add(@Nullable SpanCall call) {
    if (call == null) {
      return;
    }
    if (BreakerIds.isOverLimit(call.breaker())) {
      overLimit.record();
    }
    SpanSum sum = sum(SpanSum.Key.of(call), call.caller());
    if (sum.add(call)) {
      sumStore.changed(sum.keptKey(), sum::kept);
    }
    if (sums.size() >= MOST_SUMS) {
      passOn();
    }
  }

  private SpanSum sum(SpanSum.Key key, Caller caller) {
    SpanSum known = sums.get(key);
    if (known != null) {
      return known;
    }
    SpanSum sum = new SpanSum(key, caller);
    sums.put(key, sum);
    return sum;
  }

  private void passOn() {
    wake();
    if (sums.isEmpty()) {
      return;
    }
    long now = context.currentSystemTimeMs();
    int partition = context.taskId().partition();
    sums.forEach(
        (key, sum) -> {
          Observation observation = sum.numbered(partition, incarnation, ++sequence);
          context.forward(
              new Record<>(observation.getBreaker(), observation, now), SPAN_OBSERVATIONS);
          sumStore.removed(sum.keptKey());
        });
    sums.clear();
    numberingStore.changed(NUMBERING, () -> new KeptNumbering(incarnation, sequence));
  }
}
