package dev.switchgear.benchmarks.detector;

import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.SpanStatus;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.Topics;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** Ways to the detector, and what comes along them: good calls of twenty dependencies. */
public enum Lane {
  SPANS,
  OBSERVATIONS;

  static final int DEPENDENCIES = 20;
  private static final int ATTRIBUTES = 20;
  static final int INSTANCES = 50;

  private static final Map<String, String> ATTRIBUTE_VALUES = attributes();
  private static final Histogram LATENCY = latency();

  /** Where its records wait for the detector. */
  Topic<? extends SpecificRecord> topic() {
    return this == SPANS ? Topics.SPANS : Topics.OBSERVATIONS;
  }

  /** One record and its key. */
  record Entry(String key, SpecificRecord value) {}

  /** The record of the given number, of one of so many breakers. */
  Entry entry(long number, int breakers, long nowMillis) {
    return this == SPANS
        ? span(number, breakers, nowMillis)
        : observation(number, breakers, nowMillis);
  }

  private static Entry span(long number, int breakers, long nowMillis) {
    String trace = String.format("%032x", number);
    Span span =
        Span.newBuilder()
            .setDependency("dependency-" + number % breakers)
            .setKind(SpanKind.CLIENT)
            .setStatus(SpanStatus.UNSET)
            .setStartEpochNanos(nowMillis * 1_000_000)
            .setDurationNanos(20_000_000 + number % 1_000_000)
            .setService("checkout")
            .setInstance("checkout-" + number % INSTANCES)
            .setTraceId(trace)
            .setSpanId(trace.substring(16))
            .setName("POST")
            .setAttributes(ATTRIBUTE_VALUES)
            .build();
    return new Entry(trace, span);
  }

  private static Entry observation(long number, int breakers, long nowMillis) {
    String breaker = "dependency-" + number % breakers;
    Observation observation =
        Observation.newBuilder()
            .setBreaker(breaker)
            .setLane(dev.switchgear.schemas.Lane.GUARD)
            .setService("checkout")
            .setInstance("checkout-" + number / breakers % INSTANCES)
            .setSequence(1 + number / breakers / INSTANCES)
            .setIncarnation(1)
            .setFromMillis(nowMillis)
            .setIntervalMillis(250)
            .setEpoch(0)
            .setCalls(LATENCY.getCounts().stream().mapToLong(Long::longValue).sum())
            .setLatencyNanos(LATENCY)
            .build();
    return new Entry(breaker, observation);
  }

  private static Map<String, String> attributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (int i = 0; i < ATTRIBUTES; i++) {
      attributes.put("http.request.header." + (10 + i), "the-value-" + i % 10);
    }
    return attributes;
  }

  private static Histogram latency() {
    ExponentialHistogram latency = ExponentialHistogram.empty();
    for (int i = 0; i < 10; i++) {
      latency.record(20e6 + 2e6 * i, 1);
    }
    return new Histogram(
        latency.scale(),
        latency.zeroCount(),
        latency.offset(),
        Arrays.stream(latency.counts()).boxed().toList());
  }
}
