package dev.switchgear.guard;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What synchronous and asynchronous calls of one kind have in common: what is to be passed, how
 * long there is, what a failure is, and what is done instead. Thread-safe.
 */
final class Course<T extends @Nullable Object> {

  private static final Logger LOG = LoggerFactory.getLogger(Course.class);

  private final Gate gate;
  private final Plan<T> plan;
  private final Limits limits;
  private final Fallback<T> fallback;
  private final @Nullable CallPool pool;
  private final boolean unlimited;

  /** Whether it has to be known when each call begins, or how long it took. */
  private final boolean readsClock;

  private final boolean learns;
  private final Clocks clocks;
  private final Degradations degradations;
  private final @Nullable RetryBudget retries;

  /**
   * What the builder was told.
   *
   * @param errorType null stands for an answer like any other
   */
  record Plan<T extends @Nullable Object>(
      Limits limits,
      TimeLimit time,
      @Nullable CallPool pool,
      @Nullable Retry retry,
      Fallback<T> fallback,
      Function<? super Exception, @Nullable String> errorType) {}

  Course(Gate gate, Plan<T> plan, Clocks clocks, Degradations degradations) {
    this.gate = gate;
    this.plan = plan;
    this.limits = plan.limits();
    this.fallback = plan.fallback();
    this.pool = plan.pool();
    this.unlimited = plan.time().isUnlimited();
    this.learns = limits.learn();
    this.readsClock = !unlimited || limits.needTime() || learns;
    this.clocks = clocks;
    this.degradations = degradations;
    this.retries = plan.retry() == null ? null : new RetryBudget(plan.retry().share());
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

  /** The time, if passing needs it; else any number. */
  long nanosToPass() {
    return limits.needTime() ? clocks.nanos() : 0;
  }

  /**
   * When a call begins, if anybody wants to know; else any number.
   *
   * @param drawn {@link Permit#draw} of the call
   * @param endless {@link #isEndless} for the call
   */
  long startNanos(int drawn, boolean endless) {
    return drawn != Sampling.NOT_TIMED || readsClock || !endless ? clocks.nanos() : 0;
  }

  /** How long a call took that ends now, if anybody wants to know; else any number. */
  long elapsedNanos(int drawn, long startNanos) {
    return learns || drawn != Sampling.NOT_TIMED ? clocks.nanos() - startNanos : 0;
  }

  /** The first attempt is made. */
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

  /** Passes rate limit and bulkhead; a pool's slot is taken like one of a bulkhead. */
  Admission pass(Permit admitted, long nowNanos) {
    Admission passed = limits.pass(gate, admitted, nowNanos);
    if (pool == null || !(passed instanceof Permit permit) || pool.slots().take()) {
      return passed;
    }
    limits.undo(permit);
    return refusal(
        Stage.BULKHEAD, permit, pool.slots().size() + " calls of " + pool.name() + " run or wait");
  }

  /** Whether nobody waits for less than the call takes that the current context makes. */
  boolean isEndless() {
    return unlimited && (!Deadline.known() || Deadline.of(Context.current()) == null);
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

  /** Counts what was thrown; says under which name, or null if it is no failure. */
  @Nullable String failed(Permit permit, Exception thrown, long elapsedNanos, Span span) {
    String type = typeOf(thrown);
    if (type == null) {
      permit.success(elapsedNanos);
      return null;
    }
    permit.failure(thrown, type, elapsedNanos, span);
    return type;
  }

  /**
   * What a fallback is told about what was thrown. Apart from the counting, whose machine code may
   * be too large to be inlined: what is made there is allocated even if no fallback looks at it.
   */
  Failure failure(String type, Exception thrown) {
    return new Failure(breaker(), type, thrown);
  }

  /**
   * Asks the fallback, and tells which of a chain answered. Where there is nobody to tell, it is as
   * little as can be: while a breaker is open nothing else happens.
   */
  T instead(Unavailable why, Fallback<T> fallback) throws Exception {
    return degradations.areTold()
        ? Fallbacks.inTurn(fallback, why, one -> degradations.tell(breaker(), one, why))
        : fallback.instead(why);
  }

  private Refusal refusal(Stage stage, Permit permit, String reason) {
    long jitter = ThreadLocalRandom.current().nextLong(Limits.FULL_RETRY.toNanos() / 5);
    Duration retryAfter = Limits.FULL_RETRY.plusNanos(jitter);
    return new Refusal(stage, breaker(), permit.epoch(), reason, retryAfter, List.of(), null);
  }

  private @Nullable String typeOf(Exception thrown) {
    try {
      return plan.errorType().apply(thrown);
    } catch (RuntimeException e) {
      LOG.error("Cannot name the error of a call of {}; using its class", breaker(), e);
      return ErrorType.of(thrown);
    }
  }
}
