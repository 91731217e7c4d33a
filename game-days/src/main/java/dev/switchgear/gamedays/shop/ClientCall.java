package dev.switchgear.gamedays.shop;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import org.slf4j.Logger;

/** One call to another service, from its beginning to its end: a span, a duration, a log line. */
final class ClientCall {

  private final Span span;
  private final DoubleHistogram durations;
  private final Attributes attributes;
  private final Logger log;
  private final long startNanos = System.nanoTime();

  /**
   * Begins now.
   *
   * @param attributes of the duration
   */
  ClientCall(Span span, DoubleHistogram durations, Attributes attributes, Logger log) {
    this.span = span;
    this.durations = durations;
    this.attributes = attributes;
    this.log = log;
  }

  Span span() {
    return span;
  }

  /** Returns how long it took, in nanoseconds. */
  long succeeded() {
    span.setAttribute(Telemetry.STATUS_CODE, 200L);
    return end(attributes);
  }

  /** Returns how long it took, in nanoseconds. */
  long failed(CallFailedException failure) {
    log.atWarn()
        .addKeyValue(Telemetry.ERROR_TYPE.getKey(), failure.errorType())
        .log("{} failed: {}", attributes.get(Telemetry.PEER), failure.getMessage());
    span.setAttribute(Telemetry.ERROR_TYPE, failure.errorType());
    span.setStatus(StatusCode.ERROR, failure.errorType());
    return end(attributes.toBuilder().put(Telemetry.ERROR_TYPE, failure.errorType()).build());
  }

  /** Nobody waits for it any more. */
  void abandoned() {
    span.end();
  }

  private long end(Attributes all) {
    long elapsed = System.nanoTime() - startNanos;
    span.end();
    durations.record(elapsed / 1e9, all);
    return elapsed;
  }
}
