package dev.switchgear.benchmarks.detector;

import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.SpanStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A dependency of which every call fails from its first moment on: it opens, and can be timed. */
record Beacon(String breaker, long bornMillis) {

  private static final int CALLS = 100;
  private static final int INTERVAL_MILLIS = 250;
  private static final long TOOK_NANOS = 5_000_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** What tells of its calls, the last of which ended when it was born. */
  List<Lane.Entry> entries(Lane lane) {
    List<Lane.Entry> entries = new ArrayList<>();
    if (lane == Lane.OBSERVATIONS) {
      entries.add(new Lane.Entry(breaker, observation()));
    } else {
      for (int call = 0; call < CALLS; call++) {
        Span span = span(call);
        entries.add(new Lane.Entry(span.getTraceId(), span));
      }
    }
    return entries;
  }

  private Observation observation() {
    ExponentialHistogram latency = ExponentialHistogram.empty();
    latency.record(TOOK_NANOS, CALLS);
    List<Long> counts = Arrays.stream(latency.counts()).boxed().toList();
    return Observation.newBuilder()
        .setBreaker(breaker)
        .setLane(dev.switchgear.schemas.Lane.GUARD)
        .setService("checkout")
        .setInstance("checkout-0")
        .setSequence(1)
        .setIncarnation(bornMillis)
        .setFromMillis(bornMillis - INTERVAL_MILLIS)
        .setIntervalMillis(INTERVAL_MILLIS)
        .setEpoch(0)
        .setCalls(CALLS)
        .setErrors(Map.of("503", (long) CALLS))
        .setLatencyNanos(new Histogram(latency.scale(), 0L, latency.offset(), counts))
        .build();
  }

  private Span span(int call) {
    String trace = breaker + "-" + call;
    return Span.newBuilder()
        .setDependency(breaker)
        .setKind(SpanKind.CLIENT)
        .setStatus(SpanStatus.ERROR)
        .setErrorType("503")
        .setStartEpochNanos(bornMillis * NANOS_PER_MILLI - TOOK_NANOS)
        .setDurationNanos(TOOK_NANOS)
        .setService("checkout")
        .setInstance("checkout-0")
        .setTraceId(trace)
        .setSpanId("0000000000000001")
        .setName("POST")
        .build();
  }
}
