package dev.switchgear.guard;

import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What synchronous and asynchronous calls of one kind have in common: what is to be passed, how
 * long there is, what a failure is, and what is done instead. Thread-safe.
 */
final class Course<T extends @Nullable Object> {

  private final Gate gate;
  private final Plan<T> plan;
  private final Limits limits;
  private final Fallback<T> fallback;
  private final Failures failures;
  private final @Nullable CallPool pool;
  private final boolean hasTimeLimit;
  private final boolean hasLimits;
  private final boolean learns;
  private final Clocks clocks;
  private final Degradations degradations;
  private final @Nullable RetryBudget retries;

  /** What the builder was told. */
  record Plan<T extends @Nullable Object>(
      Limits limits,
      TimeLimit time,
      @Nullable CallPool pool,
      @Nullable Retry retry,
      Fallback<T> fallback,
      Failures failures) {

    Plan<T> with(Limits others) {
      return new Plan<>(others, time, pool, retry, fallback, failures);
    }
  }

  Course(Gate gate, Plan<T> plan, Clocks clocks) {
    this(gate, plan, clocks, plan.retry() == null ? null : new RetryBudget(plan.retry().share()));
  }

  private Course(Gate gate, Plan<T> plan, Clocks clocks, @Nullable RetryBudget retries) {
    this.gate = gate;
    this.plan = plan;
    this.limits = plan.limits();
    this.fallback = plan.fallback();
    this.failures = plan.failures();
    this.pool = plan.pool();
    this.hasTimeLimit = !plan.time().isUnlimited();
    this.hasLimits = limits != Limits.NONE || pool != null;
    this.learns = limits.learn();
    this.clocks = clocks;
    this.degradations = gate.degradations();
    this.retries = retries;
  }

  /** The same for one call, of whose client and tier the calling thread is asked now. */
  Course<T> ofCaller() {
    Limits ofCaller = limits.ofCaller();
    return ofCaller == limits ? this : new Course<>(gate, plan.with(ofCaller), clocks, retries);
  }

  String breaker() {
    return gate.breaker();
  }

  Gate gate() {
    return gate;
  }

  Fallback<T> fallback() {
    return fallback;
  }

  Limits limits() {
    return limits;
  }

  @Nullable CallPool pool() {
    return pool;
  }

  /**
   * When a call begins, if anybody wants to know; else any number.
   *
   * @param drawn {@link Permit#draw} of the call
   * @param endless {@link #isEndless} for the call
   */
  long startNanos(int drawn, boolean endless) {
    return drawn != Sampling.NOT_TIMED || learns || !endless ? clocks.nanos() : 0;
  }

  /** How long a call took that ends now, if anybody wants to know; else any number. */
  long elapsedNanos(int drawn, long startNanos) {
    return drawn != Sampling.NOT_TIMED || learns ? clocks.nanos() - startNanos : 0;
  }

  /** The first attempt is made; one that is refused is none. */
  void called() {
    if (retries != null) {
      retries.called();
    }
  }

  /** What the breaker says to one more call of work that was admitted. */
  Admission admitFurther() {
    return gate.admitFurther();
  }

  /** What the breaker says to another attempt; null if there is to be none. */
  @Nullable Permit admitAgain() {
    if (!(gate.admit() instanceof Permit permit)) {
      return null;
    }
    if (retries != null && retries.take()) {
      return permit;
    }
    permit.cancelled();
    return null;
  }

  /**
   * Passes rate limit and bulkhead; a pool's slot is taken like one of a bulkhead. Gives a permit
   * or a refusal; declared like {@link Gate#decide}.
   */
  Object pass(Permit admitted) {
    return hasLimits ? passLimits(admitted) : admitted;
  }

  private Object passLimits(Permit admitted) {
    Object passed = limits.pass(gate, admitted);
    if (pool == null || !(passed instanceof Permit permit) || pool.slots().take()) {
      return passed;
    }
    limits.undo(permit);
    return refusal(
        Stage.BULKHEAD, permit, pool.slots().size() + " calls of " + pool.name() + " run or wait");
  }

  /** Whether nobody waits for less than the call takes that the current context makes. */
  boolean isEndless() {
    return !hasTimeLimit && (!Deadline.known() || Deadline.of(Context.current()) == null);
  }

  /** What is left of the guard's own time and of the caller's. */
  long leftNanos(Context context, long firstNanos, long nowNanos) {
    long limit = plan.time().nanos(gate);
    long left = limit == TimeLimit.NONE ? limit : limit - (nowNanos - firstNanos);
    Deadline callers = Deadline.known() ? Deadline.of(context) : null;
    return callers == null ? left : Math.min(left, callers.remainingNanos());
  }

  /** Until when a call may take that begins now; empty if it has no end. */
  Optional<Deadline> deadline(Context context) {
    if (isEndless()) {
      return Optional.empty();
    }
    long now = clocks.nanos();
    long left = leftNanos(context, now, now);
    return left == TimeLimit.NONE ? Optional.empty() : Optional.of(Deadline.at(now + left, clocks));
  }

  /** The context in which whatever is called knows how long there is. */
  Context within(Context context, long nowNanos, long leftNanos) {
    return leftNanos == TimeLimit.NONE
        ? context
        : context.with(Deadline.at(nowNanos + leftNanos, clocks));
  }

  /** Gives back what a call has taken for which there is no time. */
  Refusal outOfTime(Permit permit) {
    if (pool != null) {
      pool.slots().giveBack();
    }
    limits.undo(permit);
    return refusal(Stage.DEADLINE, permit, "the caller has no time left");
  }

  /** Whether there may be more than one attempt. */
  boolean retries() {
    return retries != null;
  }

  /** How long to wait before the next attempt; negative if there is none. */
  long backOffNanos(Context context, long firstNanos, int attempt, Failure failure) {
    return plan.retry() == null
        ? -1
        : backOffNanos(attempt, failure, leftNanos(context, firstNanos, clocks.nanos()));
  }

  /** The same, where so much time is left. */
  long backOffNanos(int attempt, Failure failure, long leftNanos) {
    Retry retry = plan.retry();
    if (retry == null || attempt >= retry.attempts() || Refused.isCauseOf(failure.cause())) {
      return -1;
    }
    long wait = retry.backOffNanos(attempt + 1, ThreadLocalRandom.current().nextDouble());
    return wait < leftNanos ? wait : -1;
  }

  /** What of that which calls throw is a failure. */
  Failures failures() {
    return failures;
  }

  /** Asks the fallback, and tells what was degraded. */
  T instead(Unavailable why, Fallback<T> fallback) throws Exception {
    return degradations.instead(gate, why, fallback);
  }

  private Refusal refusal(Stage stage, Permit permit, String reason) {
    long jitter = ThreadLocalRandom.current().nextLong(Limits.FULL_RETRY.toNanos() / 5);
    Duration retryAfter = Limits.FULL_RETRY.plusNanos(jitter);
    return new Refusal(stage, breaker(), permit.epoch(), reason, retryAfter, List.of(), null);
  }
}
