package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.SpanStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The call that a span tells of.
 *
 * @param errorType what it failed of; null if it did not
 * @param traceId where it can be looked up; of no interest if it did not fail
 */
record SpanCall(
    String breaker,
    Caller caller,
    Times times,
    @Nullable String errorType,
    @Nullable String traceId) {

  private static final long SECOND_MILLIS = 1_000;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long LONGEST_NANOS = Duration.ofDays(1).toNanos();
  private static final long CLOCK_OFF_MILLIS = Duration.ofDays(1).toMillis();

  /** OpenTelemetry's error.type where there is no better one. */
  private static final String OTHER_ERRORS = "_OTHER";

  private static final int LONGEST_ERROR_TYPE = 100;

  /**
   * When the call was made.
   *
   * @param fromMillis start of the second in which it began
   * @param toMillis end of the second in which it ended
   * @param nanos how long it took
   */
  record Times(long fromMillis, long toMillis, double nanos) {

    /**
     * The times of a span.
     *
     * @throws dev.switchgear.schemas.streams.BadRecordException if they are absurd
     */
    static Times of(long start, long nanos, long nowMillis) {
      if (nanos < 0 || nanos > LONGEST_NANOS) {
        throw Names.bad("durationNanos", nanos, "0.." + LONGEST_NANOS);
      }
      long end = (start + nanos) / NANOS_PER_MILLI;
      if (start < 0 || end < nowMillis - CLOCK_OFF_MILLIS || end > nowMillis + CLOCK_OFF_MILLIS) {
        throw Names.bad("startEpochNanos", start, "within a day of " + nowMillis + " ms");
      }
      long to = second(end) + SECOND_MILLIS;
      long from = Math.max(second(start / NANOS_PER_MILLI), to - CallSample.MAX_INTERVAL_MILLIS);
      return new Times(from, to, nanos);
    }

    private static long second(long millis) {
      return millis - millis % SECOND_MILLIS;
    }
  }

  /**
   * The call of a span; null where somebody else counts it.
   *
   * @throws dev.switchgear.schemas.streams.BadRecordException if anything of it is absurd
   */
  static @Nullable SpanCall of(Span span, BreakerIds ids, long nowMillis) {
    String dependency = span.getDependency();
    if (dependency == null || !isCounted(span.getKind(), span.getGuarded())) {
      return null;
    }
    Times times = Times.of(span.getStartEpochNanos(), span.getDurationNanos(), nowMillis);
    Caller caller = Names.checked(caller(span));
    String breaker = breaker(dependency, span.getOperation(), ids);
    boolean failed = span.getStatus() == SpanStatus.ERROR;
    String errorType = failed ? errorType(span.getErrorType()) : null;
    return new SpanCall(breaker, caller, times, errorType, span.getTraceId());
  }

  private static Caller caller(Span span) {
    return new Caller(
        span.getService(),
        span.getInstance(),
        span.getServiceVersion(),
        span.getZone(),
        span.getRegion());
  }

  /** Whether a span tells of a call that nobody else counts. */
  static boolean isCounted(SpanKind kind, boolean guarded) {
    return !guarded && (kind == SpanKind.CLIENT || kind == SpanKind.PRODUCER);
  }

  /** The breaker of a call; refuses unusable names. */
  static String breaker(String dependency, @Nullable String operation, BreakerIds ids) {
    Names.check("dependency", dependency);
    String breaker = ids.of(dependency, operation);
    Names.check("breaker", breaker);
    return breaker;
  }

  /** What a failed call failed of. */
  static String errorType(@Nullable String told) {
    if (told == null || told.isBlank()) {
      return OTHER_ERRORS;
    }
    return told.length() > LONGEST_ERROR_TYPE ? told.substring(0, LONGEST_ERROR_TYPE) : told;
  }
}
