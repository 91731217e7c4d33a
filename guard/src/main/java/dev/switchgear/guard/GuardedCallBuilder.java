package dev.switchgear.guard;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Describes one kind of call. What is not said does not limit: without more than its breaker, a
 * guarded call is admitted or refused, made and recorded.
 */
public final class GuardedCallBuilder<T extends @Nullable Object> {

  private static final Duration LONGEST = Duration.ofDays(1);

  private final Gate gate;
  private final Clocks clocks;
  private TimeLimit time = TimeLimit.UNLIMITED;
  private @Nullable RateLimiter rate;
  private Limits.@Nullable ClientLimit clientRate;
  private Limits.@Nullable FleetShare fleet;
  private @Nullable Bulkhead bulkhead;
  private boolean critical;
  private @Nullable CallPool pool;
  private @Nullable Retry retry;
  private boolean idempotent;
  private Fallback<T> fallback = new Fallbacks.None<>();
  private Function<? super Exception, @Nullable String> errorType = ErrorType::of;

  GuardedCallBuilder(Gate gate, Clocks clocks) {
    this.gate = gate;
    this.clocks = clocks;
  }

  /**
   * The caller waits no longer than this, all attempts together, nor than its own caller does
   * ({@link Deadline}).
   *
   * @param timeout more than 0, a day at most
   */
  public GuardedCallBuilder<T> timeout(Duration timeout) {
    this.time = new TimeLimit(checked(timeout), false);
    return this;
  }

  /**
   * The same, as long as the fleet recommends: some times the slowest healthy answer.
   *
   * @param unless where the fleet recommends nothing yet
   */
  public GuardedCallBuilder<T> recommendedTimeout(Duration unless) {
    this.time = new TimeLimit(checked(unless), true);
    return this;
  }

  /** At most so many calls in a while, by this guard. */
  public GuardedCallBuilder<T> rateLimit(RateLimit limit) {
    return rateLimit(new RateLimiter(gate.breaker(), limit, clocks));
  }

  /** At most so many calls in a while, together with everybody else who uses the limiter. */
  public GuardedCallBuilder<T> rateLimit(RateLimiter shared) {
    this.rate = shared;
    return this;
  }

  /**
   * At most so many calls in a while for each client.
   *
   * @param client tells on the calling thread for whom the call is; asked again for each attempt of
   *     a synchronous call, and where that gives back what it took
   */
  public GuardedCallBuilder<T> rateLimit(ClientRateLimiter limiter, Supplier<String> client) {
    this.clientRate = new Limits.ClientLimit(limiter, client);
    return this;
  }

  /** At most this instance's share of what the whole fleet may make. */
  public GuardedCallBuilder<T> fleetRateLimit(FleetRateLimiter limiter) {
    return fleetRateLimit(limiter, () -> FleetRateLimiter.NO_TIER);
  }

  /**
   * At most this instance's share of what the whole fleet may make of the call's tier.
   *
   * @param tier tells on the calling thread of which tier the call is; asked again for each attempt
   *     of a synchronous call, and where that gives back what it took
   */
  public GuardedCallBuilder<T> fleetRateLimit(FleetRateLimiter limiter, Supplier<String> tier) {
    this.fleet = new Limits.FleetShare(limiter, tier);
    return this;
  }

  /** At most so many calls at a time, by this guard. */
  public GuardedCallBuilder<T> bulkhead(int calls) {
    return bulkhead(Bulkhead.of(gate.breaker(), calls, 0, 0));
  }

  /** At most so many calls at a time, together with everybody else who uses the bulkhead. */
  public GuardedCallBuilder<T> bulkhead(Bulkhead shared) {
    this.bulkhead = shared;
    return this;
  }

  /** At most so many calls at a time, by this guard, as the limit learns to be good. */
  public GuardedCallBuilder<T> bulkhead(ConcurrencyLimit limit) {
    return bulkhead(Bulkhead.of(gate.breaker(), limit));
  }

  /**
   * These calls may take the slots that the bulkhead keeps for critical calls, and not those that
   * it keeps for others; it has to keep some.
   */
  public GuardedCallBuilder<T> critical() {
    this.critical = true;
    return this;
  }

  /**
   * Calls run on threads of their own.
   *
   * @param threads calls at a time; 1..10,000
   * @param queue calls that may wait for a thread; 0..10,000
   */
  public GuardedCallBuilder<T> pool(int threads, int queue) {
    return pool(new CallPool(gate.breaker(), threads, queue));
  }

  /** Calls run on the threads of a pool, together with those of everybody else who uses it. */
  public GuardedCallBuilder<T> pool(CallPool shared) {
    this.pool = shared;
    return this;
  }

  /**
   * Rate limits, bulkhead and pool are those of another guarded call: what it has none of does not
   * limit, and the rest both keep together.
   */
  public GuardedCallBuilder<T> limitsOf(GuardedCall<?> other) {
    Limits limits = other.course().limits();
    this.rate = limits.rate();
    this.clientRate = limits.clientRate();
    this.fleet = limits.fleet();
    this.bulkhead = limits.bulkhead();
    this.pool = other.course().pool();
    return this;
  }

  /** To make such a call twice does no more than to make it once. */
  public GuardedCallBuilder<T> idempotent() {
    this.idempotent = true;
    return this;
  }

  /** Failed calls are made again. Only for calls that are {@link #idempotent}. */
  public GuardedCallBuilder<T> retry(Retry retry) {
    this.retry = retry;
    return this;
  }

  /**
   * What is done instead. Without it the caller gets the exception, or a {@link RefusedException}.
   */
  public GuardedCallBuilder<T> fallback(Fallback<T> fallback) {
    this.fallback = fallback;
    return this;
  }

  /** The answer that is given instead. */
  public GuardedCallBuilder<T> fallbackValue(T value) {
    return fallback(Fallback.value(value));
  }

  /**
   * Another opinion of errors. Without one, every exception is an error, named by its class without
   * the package.
   *
   * @param errorType gives the name to count an exception under, of low cardinality; null if the
   *     exception is an answer like any other and no failure of the dependency. It is given what
   *     was thrown on another thread, not what that was wrapped in
   */
  public GuardedCallBuilder<T> errorTypes(Function<? super Exception, @Nullable String> errorType) {
    this.errorType = errorType;
    return this;
  }

  /**
   * Makes it. To be kept: its limits are its own.
   *
   * @throws IllegalStateException if what was said contradicts itself
   */
  public GuardedCall<T> build() {
    if (retry != null && !idempotent) {
      throw new IllegalStateException(
          "retry: "
              + retry
              + " (expected: only with idempotent(), for calls that may be made twice)");
    }
    if (critical && (bulkhead == null || !bulkhead.keepsSlots())) {
      throw new IllegalStateException(
          "critical: true (expected: only with a bulkhead that keeps slots for critical calls or for"
              + " others)");
    }
    var limits = Limits.of(rate, clientRate, fleet, bulkhead, critical);
    var failures = new Failures(gate.breaker(), errorType);
    var plan = new Course.Plan<>(limits, time, pool, retry, fallback, failures);
    return new GuardedCall<>(new Course<>(gate, plan, clocks));
  }

  private static long checked(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "timeout: " + timeout + " (expected: more than 0, at most " + LONGEST + ")");
    }
    return timeout.toNanos();
  }
}
