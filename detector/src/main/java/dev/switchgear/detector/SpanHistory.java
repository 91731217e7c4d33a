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

  private final Map<String, SpanSum> sums = new HashMap<>();
  private final BreakerIds ids = new BreakerIds();

  /**
   * Adds the call that a span tells of, if it tells of one that nobody else counts.
   *
   * @return false where anything of the span is absurd
   */
  public boolean add(Span span) {
    String dependency = span.getDependency();
    if (dependency == null || !SpanCall.isCounted(span)) {
      return true;
    }
    try {
      Names.check("dependency", dependency);
      String breaker = ids.of(dependency, span.getOperation());
      Names.check("breaker", breaker);
      SpanCall call = SpanCall.of(span, span.getStartEpochNanos() / NANOS_PER_MILLI);
      sums.computeIfAbsent(SpanLane.key(breaker, call), unseen -> new SpanSum(breaker, call))
          .add(call);
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
