package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one breaker by one service instance that began in the same second and ended in the same
 * second. Not by the second of the end alone: a call belongs to the epoch in which it began. One
 * thread uses it.
 */
final class SpanSum {

  /** Between the name of an instance and the partition whose spans were summed. */
  static final String LANE = "#spans-";

  private static final int ERROR_TYPES = 16;
  private static final int EXEMPLARS = 4;

  /** Leaves room for the partition within the longest name. */
  private static final int LONGEST_INSTANCE = 240;

  private final String breaker;
  private final Caller caller;
  private final long fromMillis;
  private final int intervalMillis;
  private final ExponentialHistogram latency;
  private final Map<String, Long> errors;
  private final List<String> exemplars;
  private long calls;

  /** Who made the calls. */
  private record Caller(
      String service,
      String instance,
      @Nullable String version,
      @Nullable String zone,
      @Nullable String region) {}

  /** Of no calls yet. */
  SpanSum(String breaker, SpanCall first) {
    Span span = first.span();
    this.breaker = breaker;
    this.caller =
        new Caller(
            span.getService(),
            span.getInstance(),
            span.getServiceVersion(),
            span.getZone(),
            span.getRegion());
    this.fromMillis = first.fromMillis();
    this.intervalMillis = (int) (first.toMillis() - first.fromMillis());
    this.latency = ExponentialHistogram.empty();
    this.errors = new HashMap<>();
    this.exemplars = new ArrayList<>();
  }

  /** As {@link #kept} gave it. */
  SpanSum(Observation kept) {
    this.breaker = kept.getBreaker();
    this.caller =
        new Caller(
            kept.getService(),
            kept.getInstance(),
            kept.getServiceVersion(),
            kept.getZone(),
            kept.getRegion());
    this.fromMillis = kept.getFromMillis();
    this.intervalMillis = kept.getIntervalMillis();
    this.latency = Histograms.of(kept.getLatencyNanos());
    this.errors = new HashMap<>(kept.getErrors());
    this.exemplars = new ArrayList<>(kept.getExemplars());
    this.calls = kept.getCalls();
  }

  void add(SpanCall call) {
    calls++;
    latency.record(call.nanos(), 1);
    String type = call.errorType();
    if (type != null) {
      boolean told = errors.containsKey(type) || errors.size() < ERROR_TYPES;
      errors.merge(told ? type : Names.OTHERS, 1L, Long::sum);
      if (exemplars.size() < EXEMPLARS) {
        exemplars.add(call.span().getTraceId());
      }
    }
  }

  /** What a restart needs: the observation without a number. */
  Observation kept() {
    return observation(caller.instance(), 0, 0);
  }

  /**
   * The observation.
   *
   * @param partition of the spans: each partition sees other calls of the same instance, and
   *     numbers what it sees by itself, so each is a sender of its own
   */
  Observation numbered(int partition, long incarnation, long sequence) {
    String instance = caller.instance();
    String shown = instance.substring(0, Math.min(instance.length(), LONGEST_INSTANCE));
    return observation(shown + LANE + partition, incarnation, sequence);
  }

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  private Observation observation(String instance, long incarnation, long sequence) {
    return Observation.newBuilder()
        .setBreaker(breaker)
        .setLane(Lane.SPAN)
        .setService(caller.service())
        .setInstance(instance)
        .setServiceVersion(caller.version())
        .setZone(caller.zone())
        .setRegion(caller.region())
        .setSequence(sequence)
        .setIncarnation(incarnation)
        .setFromMillis(fromMillis)
        .setIntervalMillis(intervalMillis)
        .setEpoch(CallSample.NO_EPOCH)
        .setCalls(calls)
        .setErrors(Map.copyOf(errors))
        .setLatencyNanos(Histograms.record(latency))
        .setExemplars(List.copyOf(exemplars))
        .build();
  }
}
