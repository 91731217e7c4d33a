package dev.switchgear.detector;

import static org.apache.kafka.common.metrics.Sensor.RecordingLevel.INFO;

import dev.switchgear.detector.state.KeptNumbering;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.streams.BadRecordException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sums the calls that spans of one partition tell of, and four times a second passes on what was
 * summed since. Calls are summed by when they were made, and passed on by the wall clock: however
 * late they are read, they are in the observation of their own time, and nothing is held back or
 * left out because anything else is further ahead.
 */
final class SpanLane implements Processor<String, Span, String, Observation> {

  private static final Duration INTERVAL = Duration.ofMillis(250);

  /** At half a kilobyte each a few megabytes; what is more is passed on before its time. */
  private static final int MOST_SUMS = 10_000;

  private static final String NUMBERING = "numbering";

  private final Map<String, SpanSum> sums = new LinkedHashMap<>();
  private final BreakerIds ids = new BreakerIds();
  private ProcessorContext<String, Observation> context;
  private WriteBehindStore<Observation> sumStore;
  private WriteBehindStore<KeptNumbering> numberingStore;
  private Sensor overLimit;
  private long incarnation;
  private long sequence;
  private boolean awake;

  @SuppressWarnings("NullAway.Init") // Streams calls init first.
  SpanLane() {}

  @Override
  public void init(ProcessorContext<String, Observation> given) {
    context = given;
    awake = false; // The same processor is begun anew when its task comes back.
    sumStore = given.getStateStore(DetectorTopology.SPAN_SUMS);
    numberingStore = given.getStateStore(DetectorTopology.SPAN_NUMBERING);
    String task = given.taskId().toString();
    overLimit =
        given.metrics().addRateTotalSensor("span-lane", task, "calls-over-name-limit", INFO);
    given.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> passOn());
  }

  @Override
  public void process(Record<String, Span> record) {
    wake();
    Span span = record.value();
    if (span == null) {
      throw new BadRecordException("value: none (expected: a span)");
    }
    String dependency = span.getDependency();
    if (dependency == null || !SpanCall.isCounted(span)) {
      return;
    }
    SpanCall call = SpanCall.of(span, context.currentSystemTimeMs());
    Names.check("dependency", dependency);
    String breaker = ids.of(dependency, span.getOperation());
    Names.check("breaker", breaker);
    if (BreakerIds.isOverLimit(breaker)) {
      overLimit.record();
    }
    add(breaker, call);
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
    sumStore.forEachKept((key, kept) -> sums.put(key, new SpanSum(kept)));
  }

  private void add(String breaker, SpanCall call) {
    String key = key(breaker, call);
    SpanSum sum = sums.computeIfAbsent(key, unseen -> new SpanSum(breaker, call));
    sum.add(call);
    sumStore.changed(key, sum::kept);
    if (sums.size() >= MOST_SUMS) {
      passOn();
    }
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
          context.forward(new Record<>(observation.getBreaker(), observation, now));
          sumStore.removed(key);
        });
    sums.clear();
    numberingStore.changed(NUMBERING, () -> new KeptNumbering(incarnation, sequence));
  }

  /** No name holds the character between the parts. */
  static String key(String breaker, SpanCall call) {
    Span span = call.span();
    return String.join(
        "\0",
        breaker,
        span.getService(),
        span.getInstance(),
        Long.toString(call.fromMillis()),
        Long.toString(call.toMillis()));
  }
}
