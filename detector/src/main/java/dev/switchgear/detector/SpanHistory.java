package dev.switchgear.detector;

import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.streams.BadRecordException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Spans that were recorded, summed as the span lane sums them, whenever they were made. Not
 * thread-safe.
 */
public final class SpanHistory {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Map<SpanSum.Key, SpanSum> sums = new HashMap<>();
  private final BreakerIds ids = new BreakerIds();

  /**
   * Adds the call that a span tells of, if it tells of one that nobody else counts.
   *
   * @return false where anything of the span is absurd
   */
  public boolean add(Span span) {
    try {
      SpanCall call = SpanCall.of(span, ids, span.getStartEpochNanos() / NANOS_PER_MILLI);
      if (call != null) {
        sums.computeIfAbsent(SpanSum.Key.of(call), key -> new SpanSum(key, call.caller()))
            .add(call);
      }
      return true;
    } catch (BadRecordException e) {
      return false;
    }
  }

  /** What was observed, in no order. */
  public List<Observation> observations() {
    List<Observation> observations = new ArrayList<>();
    sums.values().forEach(sum -> observations.add(sum.numbered(0, 0, observations.size() + 1L)));
    return observations;
  }
}
