package dev.switchgear.adapters.concurrencylimits;

import com.netflix.concurrency.limits.Limit;
import dev.switchgear.guard.ConcurrencyLimit;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A limit of concurrency-limits as a guard's bulkhead wants it. An answer is a sample; so is a
 * failure that says that the dependency does not keep up, and counts as a dropped call. Other
 * failures say nothing of how much it bears, for they are often faster than any answer.
 *
 * <pre>{@code
 * ConcurrencyLimit learned = LearnedLimit.of(Gradient2Limit.newBuilder().maxConcurrency(200).build());
 * gear.guard("payments/charge", Receipt.class).bulkhead(learned).build();
 * }</pre>
 */
public final class LearnedLimit implements ConcurrencyLimit {

  /**
   * How callers of the usual libraries name it that nobody answered in time, or that too many ask.
   */
  private static final Set<String> OVERLOAD =
      Set.of(
          "TimeoutException",
          "SocketTimeoutException",
          "HttpTimeoutException",
          "ResponseTimeoutException",
          "SQLTimeoutException",
          "408",
          "429",
          "503",
          "504",
          "DEADLINE_EXCEEDED",
          "RESOURCE_EXHAUSTED",
          "UNAVAILABLE");

  private final Limit limit;
  private final Predicate<String> overload;

  private LearnedLimit(Limit limit, Predicate<String> overload) {
    this.limit = limit;
    this.overload = overload;
  }

  /** By timeouts, and by what HTTP and gRPC say when too much is asked. */
  public static ConcurrencyLimit of(Limit limit) {
    return of(limit, OVERLOAD::contains);
  }

  /**
   * By another opinion of failures.
   *
   * @param overload whether an error type says that the dependency does not keep up
   */
  public static ConcurrencyLimit of(Limit limit, Predicate<String> overload) {
    return new LearnedLimit(limit, overload);
  }

  @Override
  public int calls() {
    return limit.getLimit();
  }

  @Override
  public void answered(long elapsedNanos, int running) {
    sample(elapsedNanos, running, false);
  }

  @Override
  public void failed(String errorType, long elapsedNanos, int running) {
    if (overload.test(errorType)) {
      sample(elapsedNanos, running, true);
    }
  }

  /** No sample takes no time: some limits divide by it. */
  private void sample(long elapsedNanos, int running, boolean dropped) {
    long elapsed = Math.max(1, elapsedNanos);
    limit.onSample(System.nanoTime() - elapsed, elapsed, running, dropped);
  }
}
