package dev.switchgear.guard;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One kind of call to one dependency, with everything that stands between a caller and it: breaker,
 * rate limit, bulkhead, deadline, in this order; then the call, whose result is recorded; and what
 * is done instead. Made by {@link Switchgear#guard(String, Class)}. Thread-safe.
 *
 * <p>The caller's thread makes the call, unless a pool does, and holds no lock meanwhile. A timeout
 * interrupts the call and waits for it to end, so a call that takes no notice of interrupts belongs
 * into a pool ({@link GuardedCallBuilder#pool}). An answer that comes in spite of that is an
 * answer.
 */
public final class GuardedCall<T extends @Nullable Object> {

  private final Gate gate;
  private final Course<T> course;
  private final SyncCalls<T> sync;
  private final AsyncCalls<T> async;
  private final Executor elsewhere;

  GuardedCall(Course<T> course) {
    this(course, AsyncCalls.elsewhere(course.breaker()));
  }

  private GuardedCall(Course<T> course, Executor elsewhere) {
    this.gate = course.gate();
    this.course = course;
    this.sync = new SyncCalls<>(course);
    this.async = new AsyncCalls<>(course, elsewhere);
    this.elsewhere = elsewhere;
  }

  /** Breaker id. */
  public String breaker() {
    return course.breaker();
  }

  /**
   * This guard for one call, of whose client and tier the calling thread is asked now: whatever
   * thread decides about a further attempt, it counts against the same. This guard itself if it has
   * no limit that asks.
   */
  public GuardedCall<T> ofCaller() {
    Course<T> ofCaller = course.ofCaller();
    return ofCaller == course ? this : new GuardedCall<>(ofCaller, elsewhere);
  }

  /**
   * Decides one call that the caller makes itself: breaker, rate limit and bulkhead, without lock
   * or allocation. Whoever gets a {@link Permit} owes its result, which gives the slot back.
   * Timeout ({@link #deadline}), retry ({@link #backOff}) and fallback ({@link #instead}) are the
   * caller's.
   */
  public Admission admit() {
    checkNoPool("admit");
    Object decided = gate.decide();
    if (decided instanceof Refusal refusal) {
      return refusal;
    }
    Object passed = course.pass((Permit) decided);
    if (passed instanceof Permit) {
      course.called();
    }
    return (Admission) passed;
  }

  /**
   * Decides one more call of work that was admitted already, such as a further statement of a
   * transaction: while a share of calls is let through, such work would else hardly ever end. It is
   * refused only where the breaker lets nothing through, or by a limit.
   */
  public Admission admitFurther() {
    checkNoPool("admitFurther");
    return passed(course.admitFurther());
  }

  /**
   * A call that the caller made itself has failed with this: counts it by the guard's opinion of
   * errors, or as cancelled if another guard has refused it. Whether it was given up is the
   * caller's to say ({@link Cancellation}).
   *
   * @return what a fallback is told; empty if the exception is an answer like any other
   */
  public Optional<Failure> failed(Permit permit, Exception thrown, long elapsedNanos) {
    String type =
        course.failures().count(permit, Sampling.UNDRAWN, thrown, elapsedNanos, Span.current());
    return Optional.ofNullable(type).map(named -> course.failures().told(named, thrown));
  }

  /**
   * How long to wait before a call that the caller makes itself is made again; empty if that is not
   * to be: without {@link GuardedCallBuilder#retry}, after the last attempt or a refusal, or for
   * want of time.
   *
   * @param attempt that failed; the first is 1
   * @param until what {@link #deadline} said before the first attempt; null if nothing
   */
  public Optional<Duration> backOff(int attempt, Failure failure, @Nullable Deadline until) {
    long left = until == null ? TimeLimit.NONE : until.remainingNanos();
    long wait = course.backOffNanos(attempt, failure, left);
    return wait < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(wait));
  }

  /**
   * Decides another attempt of a call that the caller makes itself, as {@link #admit} does. Empty
   * if there is to be none, because the breaker refuses or the budget of retries is spent: then
   * what failed has failed.
   */
  public Optional<Admission> admitAgain() {
    checkNoPool("admitAgain");
    return Optional.ofNullable(course.admitAgain()).map(this::passed);
  }

  /**
   * What a fallback gives instead of a call that the caller made itself; counted, and told on the
   * current span, as for any other call.
   */
  public T instead(Unavailable why, Fallback<T> fallback) throws Exception {
    return course.instead(why, fallback);
  }

  private Admission passed(Admission admission) {
    return admission instanceof Permit permit ? (Admission) course.pass(permit) : admission;
  }

  /**
   * Until when a call that the caller makes itself, now, may take: by the guard's timeout and by
   * the deadline of the current context, whichever ends first. Empty where neither is.
   */
  public Optional<Deadline> deadline() {
    return course.deadline(Context.current());
  }

  /** Calls, or gives what the guard's fallback gives. See {@link #call(Callable, Fallback)}. */
  public T call(Callable<? extends T> call) throws Exception {
    // Not by way of the other, which would have the fallback looked up before it is needed.
    Object decided = gate.decide();
    return decided instanceof Refusal refusal
        ? course.instead(refusal, course.fallback())
        : sync.admitted((Permit) decided, call, course.fallback());
  }

  /**
   * Calls, or gives what this fallback gives, which may know the request.
   *
   * <p>The fallback is asked if the call is refused or fails with an exception that counts as an
   * error, timeouts included; what it throws goes to the caller. An interrupted call is cancelled,
   * not failed: the interrupt flag is set and the exception goes to the caller. An {@link Error},
   * which counts as a failure, and an exception that counts as no error go to the caller as well.
   */
  public T call(Callable<? extends T> call, Fallback<T> fallback) throws Exception {
    Object decided = gate.decide();
    return decided instanceof Refusal refusal
        ? course.instead(refusal, fallback)
        : sync.admitted((Permit) decided, call, fallback);
  }

  /**
   * Calls asynchronously, or gives what the guard's fallback gives. See {@link #callAsync(Supplier,
   * Fallback)}.
   */
  public CompletionStage<T> callAsync(Supplier<? extends CompletionStage<T>> call) {
    return callAsync(call, course.fallback());
  }

  /**
   * Calls asynchronously, or gives what this fallback gives, by the rules of {@link #call(Callable,
   * Fallback)}. The fallback runs on the thread that ends the call, after a timeout on one of up to
   * 32 of this guard; so many that block hold up its next timeouts, but none of another guard. A
   * call that is given up ({@link Cancellation}) is cancelled, not failed; cancelling what is
   * returned cancels the call.
   */
  public CompletionStage<T> callAsync(
      Supplier<? extends CompletionStage<T>> call, Fallback<T> fallback) {
    checkNoPool("callAsync");
    return async.call(call, fallback);
  }

  Course<T> course() {
    return course;
  }

  private void checkNoPool(String what) {
    if (course.pool() != null) {
      throw new IllegalStateException(
          what + ": calls of " + breaker() + " run in a pool (expected: call)");
    }
  }
}
