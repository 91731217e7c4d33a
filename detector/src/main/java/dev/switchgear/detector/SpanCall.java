package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.SpanStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The call that a span tells of.
 *
 * @param fromMillis start of the second in which it began
 * @param toMillis end of the second in which it ended
 * @param errorType what it failed of; null if it did not
 */
record SpanCall(
    long fromMillis, long toMillis, double nanos, @Nullable String errorType, Span span) {

  private static final long SECOND_MILLIS = 1_000;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long LONGEST_NANOS = Duration.ofDays(1).toNanos();
  private static final long CLOCK_OFF_MILLIS = Duration.ofDays(1).toMillis();

  /** OpenTelemetry's error.type where there is no better one. */
  private static final String OTHER_ERRORS = "_OTHER";

  private static final int LONGEST_ERROR_TYPE = 100;

  /** Whether the span tells of a call that nobody else counts. */
  static boolean isCounted(Span span) {
    boolean calls = span.getKind() == SpanKind.CLIENT || span.getKind() == SpanKind.PRODUCER;
    return calls && !span.getGuarded() && span.getDependency() != null;
  }

  /**
   * The call of a span.
   *
   * @throws dev.switchgear.schemas.streams.BadRecordException if anything of it is absurd
   */
  static SpanCall of(Span span, long nowMillis) {
    Names.check("service", span.getService());
    Names.check("instance", span.getInstance());
    long nanos = span.getDurationNanos();
    if (nanos < 0 || nanos > LONGEST_NANOS) {
      throw Names.bad("durationNanos", nanos, "0.." + LONGEST_NANOS);
    }
    long start = span.getStartEpochNanos();
    long end = (start + nanos) / NANOS_PER_MILLI;
    if (start < 0 || end < nowMillis - CLOCK_OFF_MILLIS || end > nowMillis + CLOCK_OFF_MILLIS) {
      throw Names.bad("startEpochNanos", start, "within a day of " + nowMillis + " ms");
    }
    long to = second(end) + SECOND_MILLIS;
    long from = Math.max(second(start / NANOS_PER_MILLI), to - CallSample.MAX_INTERVAL_MILLIS);
    return new SpanCall(from, to, nanos, errorType(span), span);
  }

  private static long second(long millis) {
    return millis - millis % SECOND_MILLIS;
  }

  private static @Nullable String errorType(Span span) {
    if (span.getStatus() != SpanStatus.ERROR) {
      return null;
    }
    String type = span.getErrorType();
    if (type == null || type.isBlank()) {
      return OTHER_ERRORS;
    }
    return type.length() > LONGEST_ERROR_TYPE ? type.substring(0, LONGEST_ERROR_TYPE) : type;
  }
}
