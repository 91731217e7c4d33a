package dev.switchgear.detector;

import static dev.switchgear.detector.DetectorTopology.SPAN_OBSERVATIONS;
import static org.apache.kafka.common.metrics.Sensor.RecordingLevel.INFO;

import dev.switchgear.detector.state.KeptNumbering;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.streams.BadRecordException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Sums the calls that spans of one partition tell of, and passes the sums on with each commit, five
 * times a second: nothing has to be kept of them, and whoever is fenced passes nothing on. Calls
 * are summed by when they were made: however late they are read, they are in the observation of
 * their own time, and nothing is held back or left out because anything else is further ahead.
 */
final class SpanLane implements Processor<String, Object, Object, Object> {

  /** At half a kilobyte each a few megabytes; what is more is passed on before its time. */
  private static final int MOST_SUMS = 10_000;

  private static final String NUMBERING = "numbering";

  private final Map<SpanSum.Key, SpanSum> sums = new LinkedHashMap<>();
  private final SpanReader reader;
  private ProcessorContext<Object, Object> context;
  private Unbundling unbundling;
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
    sums.clear();
    unbundling = new Unbundling(given, DetectorTopology.SPAN_DEAD_LETTERS);
    numberingStore = given.getStateStore(DetectorTopology.SPAN_NUMBERING);
    numberingStore.beforeCommit(given, this::passOn);
    String task = given.taskId().toString();
    overLimit =
        given.metrics().addRateTotalSensor("span-lane", task, "calls-over-name-limit", INFO);
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
    sequence = 0;
    incarnation = context.currentSystemTimeMs();
    numberingStore.forEachKept(
        (key, kept) -> {
          incarnation = kept.getIncarnation();
          sequence = kept.getSequence();
        });
  }

  private void add(@Nullable SpanCall call) {
    if (call == null) {
      return;
    }
    if (BreakerIds.isOverLimit(call.breaker())) {
      overLimit.record();
    }
    sums.computeIfAbsent(SpanSum.Key.of(call), key -> new SpanSum(key, call.caller())).add(call);
    if (sums.size() >= MOST_SUMS) {
      passOn();
    }
  }

  private void passOn() {
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
        });
    sums.clear();
    numberingStore.changed(NUMBERING, () -> new KeptNumbering(incarnation, sequence));
  }
}
