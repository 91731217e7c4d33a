package dev.switchgear.guard;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ObjLongConsumer;

/**
 * Counts of one breaker and epoch. Callers write from any thread without locks; one thread reads.
 *
 * <p>A finished call is one addition in the histogram of its kind: answered, or failed by error
 * type; one that was not timed has a place there too. There is no separate number of calls or
 * errors that a reading could find out of step.
 */
final class Tally {

  /** What error types over the limit are counted under. */
  static final String OTHER_ERRORS = "*";

  private static final int ERROR_TYPES = 16;
  private static final int ERROR_TYPE_LENGTH = 100;

  private final Epochs epochs;
  private final Turnstile turnstile = new Turnstile();
  private final Sampling sampling = new Sampling();
  private final Latencies answered = new Latencies();
  private final Latencies otherErrors = new Latencies();
  private final Map<String, Latencies> failed = new ConcurrentHashMap<>();
  private final Exemplars exemplars = new Exemplars();
  private volatile boolean ended;

  Tally(Epochs epochs) {
    this.epochs = epochs;
  }

  Epochs epochs() {
    return epochs;
  }

  /** Of the breaker itself. */
  long epoch() {
    return epochs.own();
  }

  Turnstile turnstile() {
    return turnstile;
  }

  /** There is a newer epoch. */
  void end() {
    ended = true;
  }

  /** Whether only late calls are counted, and calls that are still running. */
  boolean hasEnded() {
    return ended;
  }

  /** Which calls are timed. */
  Sampling sampling() {
    return sampling;
  }

  /** Calls that were answered. */
  Latencies answered() {
    return answered;
  }

  void failed(String errorType, long nanos, Span span) {
    failed(errorType, span).record(nanos);
  }

  void failedUntimed(String errorType, Span span) {
    failed(errorType, span).recordUntimed();
  }

  private Latencies failed(String errorType, Span span) {
    if (!exemplars.isFull()) {
      SpanContext context = span.getSpanContext();
      if (context.isValid()) {
        exemplars.offer(context.getTraceId());
      }
    }
    return ofType(errorType);
  }

  /** Moves the answered calls. */
  void moveAnsweredTo(long[] counts) {
    answered.moveTo(counts);
  }

  /** Moves the failed calls; tells how many of each type there were. */
  void moveFailedTo(long[] counts, ObjLongConsumer<String> countOfType) {
    failed.forEach((type, latencies) -> countOfType.accept(type, latencies.moveTo(counts)));
    countOfType.accept(OTHER_ERRORS, otherErrors.moveTo(counts));
  }

  List<String> takeExemplars() {
    return exemplars.take();
  }

  private Latencies ofType(String errorType) {
    String name =
        errorType.length() > ERROR_TYPE_LENGTH
            ? errorType.substring(0, ERROR_TYPE_LENGTH)
            : errorType;
    Latencies known = failed.get(name);
    if (known != null) {
      return known;
    }
    return failed.size() >= ERROR_TYPES || name.equals(OTHER_ERRORS) ? otherErrors : make(name);
  }

  private synchronized Latencies make(String name) {
    return failed.size() >= ERROR_TYPES
        ? failed.getOrDefault(name, otherErrors)
        : failed.computeIfAbsent(name, unseen -> new Latencies());
  }
}
