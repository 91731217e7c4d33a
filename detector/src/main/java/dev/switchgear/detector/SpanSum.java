package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  private static final long NO_REFUSALS = 0;
  private static final int NONE_IN_FLIGHT = 0;

  private final Key key;
  private final Caller caller;
  private final ExponentialHistogram latency;
  private final Map<String, Long> errors;
  private final List<String> exemplars;
  private long calls;

  /** What the calls of one sum have in common. */
  record Key(String breaker, String service, String instance, long fromMillis, long toMillis) {

    static Key of(SpanCall call) {
      Caller caller = call.caller();
      SpanCall.Times times = call.times();
      return new Key(
          call.breaker(),
          caller.service(),
          caller.instance(),
          times.fromMillis(),
          times.toMillis());
    }
  }

  /** Of no calls yet. */
  SpanSum(Key key, Caller caller) {
    this.key = key;
    this.caller = caller;
    this.latency = ExponentialHistogram.empty();
    this.errors = new HashMap<>();
    this.exemplars = new ArrayList<>();
  }

  /** Adds a call. */
  void add(SpanCall call) {
    calls++;
    latency.record(call.times().nanos(), 1);
    String type = call.errorType();
    if (type != null) {
      failed(type, String.valueOf(call.traceId()));
    }
  }

  private void failed(String type, String traceId) {
    boolean told = errors.containsKey(type) || errors.size() < ERROR_TYPES;
    errors.merge(told ? type : Names.OTHERS, 1L, Long::sum);
    if (exemplars.size() < EXEMPLARS) {
      exemplars.add(traceId);
    }
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

  /** Without the builder, which would look up the defaults of what is not set each time. */
  @SuppressWarnings("NullAway") // The generated constructor takes null where the schema does.
  private Observation observation(String instance, long incarnation, long sequence) {
    return new Observation(
        key.breaker(),
        Lane.SPAN,
        caller.service(),
        instance,
        caller.version(),
        caller.zone(),
        caller.region(),
        sequence,
        incarnation,
        key.fromMillis(),
        (int) (key.toMillis() - key.fromMillis()),
        CallSample.NO_EPOCH,
        CallSample.NO_EPOCH,
        CallSample.NO_EPOCH,
        CallSample.NO_EPOCH,
        calls,
        Map.copyOf(errors),
        NO_REFUSALS,
        Histograms.record(latency),
        List.copyOf(exemplars),
        NONE_IN_FLIGHT,
        NONE_IN_FLIGHT);
  }
}
