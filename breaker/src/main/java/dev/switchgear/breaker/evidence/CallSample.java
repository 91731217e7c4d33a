package dev.switchgear.breaker.evidence;

import java.util.List;
import java.util.Map;

/**
 * Calls of one breaker as one caller saw them over one short interval: the core's view of an
 * observation.
 *
 * @param caller who called
 * @param fromMillis start of the interval, by the caller's clock
 * @param toMillis end of the interval, after its start, at most {@link #MAX_INTERVAL_MILLIS} long
 * @param epoch epoch under which the calls were admitted; {@link #NO_EPOCH} where no guard admitted
 *     them
 * @param calls finished calls, failed ones included, refused ones not; 0..{@value #MAX_CALLS}
 * @param errors failed calls by error type, together at most {@code calls}
 * @param refusals calls that a guard did not admit; 0..{@value #MAX_CALLS}
 * @param latencyNanos latency of the finished calls that were timed: all, or a random part; at most
 *     {@code calls} values. Empty where nobody timed any
 * @param exemplars trace ids of bad calls
 */
public record CallSample(
    Caller caller,
    long fromMillis,
    long toMillis,
    long epoch,
    long calls,
    Map<String, Long> errors,
    long refusals,
    ExponentialHistogram latencyNanos,
    List<String> exemplars) {

  public static final long NO_EPOCH = -1;

  /**
   * Ten million calls in one interval of one instance are beyond any service; they are a defect.
   */
  public static final long MAX_CALLS = 10_000_000;

  /** Metrics are sampled every few minutes at the most; longer intervals are a defect. */
  public static final long MAX_INTERVAL_MILLIS = 3_600_000;

  public CallSample {
    long millis = toMillis - fromMillis;
    if (toMillis <= fromMillis || millis < 0 || millis > MAX_INTERVAL_MILLIS) {
      throw bad(
          "toMillis", toMillis, "1.." + MAX_INTERVAL_MILLIS + " after fromMillis " + fromMillis);
    }
    if (epoch < NO_EPOCH) {
      throw bad("epoch", epoch, "at least " + NO_EPOCH);
    }
    checkCount("calls", calls, MAX_CALLS);
    checkCount("refusals", refusals, MAX_CALLS);
    errors = Map.copyOf(errors);
    checkErrors(errors, calls);
    checkCount("latencyNanos.count", latencyNanos.count(), calls);
    exemplars = List.copyOf(exemplars);
  }

  /** Calls of a caller of whom nothing more is known. */
  public CallSample(
      String service,
      String instance,
      long fromMillis,
      long toMillis,
      long epoch,
      long calls,
      Map<String, Long> errors,
      long refusals,
      ExponentialHistogram latencyNanos,
      List<String> exemplars) {
    this(
        Caller.of(service, instance),
        fromMillis,
        toMillis,
        epoch,
        calls,
        errors,
        refusals,
        latencyNanos,
        exemplars);
  }

  /** The same calls, as admitted under an epoch of another breaker. */
  public CallSample ofEpoch(long other) {
    return new CallSample(
        caller, fromMillis, toMillis, other, calls, errors, refusals, latencyNanos, exemplars);
  }

  /**
   * How many of the calls say whether they were slow. Who sends no latency at all has none that
   * were.
   */
  public long timed() {
    return latencyNanos.count() == 0 ? calls : latencyNanos.count();
  }

  /** The calling service. */
  public String service() {
    return caller.service();
  }

  /** Which of its instances. */
  public String instance() {
    return caller.instance();
  }

  private static void checkErrors(Map<String, Long> errors, long calls) {
    long left = calls;
    for (Map.Entry<String, Long> error : errors.entrySet()) {
      long count = error.getValue();
      if (count < 0 || count > left) {
        throw bad("errors", errors, "counts of at least 0, together at most calls " + calls);
      }
      left -= count;
    }
  }

  private static void checkCount(String name, long value, long max) {
    if (value < 0 || value > max) {
      throw bad(name, value, "0.." + max);
    }
  }

  private static IllegalArgumentException bad(String name, Object value, String expected) {
    return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
  }
}
