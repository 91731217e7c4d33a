package dev.switchgear.guard;

import io.opentelemetry.context.Context;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Calls whose caller waits for the answer. Thread-safe. */
final class SyncCalls<T extends @Nullable Object> {

  private final Course<T> course;
  private final @Nullable CallPool pool;

  SyncCalls(Course<T> course) {
    this.course = course;
    this.pool = course.pool();
  }

  /** Makes a call that the breaker has admitted. */
  T admitted(Permit admitted, Callable<? extends T> call, Fallback<T> fallback) throws Exception {
    return attempt(admitted, call, fallback, 0, 1);
  }

  /**
   * Makes one attempt, and whatever follows from it.
   *
   * @param before when the first one began; of no meaning in the first
   */
  private T attempt(
      Permit admitted, Callable<? extends T> call, Fallback<T> fallback, long before, int attempt)
      throws Exception {
    // Looked up first: whatever follows an atomic operation or a read of the clock waits for it.
    boolean endless = course.isEndless();
    int drawn = admitted.draw();
    Object passed = course.pass(admitted);
    if (passed instanceof Refusal refusal) {
      return course.instead(refusal, fallback);
    }
    Permit permit = (Permit) passed;
    long nowNanos = course.startNanos(drawn, endless);
    long firstNanos = attempt == 1 ? nowNanos : before;
    long left =
        endless ? TimeLimit.NONE : course.leftNanos(Context.current(), firstNanos, nowNanos);
    if (left <= 0) {
      return course.instead(course.outOfTime(permit), fallback);
    }
    if (attempt == 1) {
      course.called();
    }
    T answer;
    try {
      answer = made(call, nowNanos, left);
    } catch (Throwable e) {
      long elapsed = course.elapsedNanos(drawn, nowNanos);
      String type = course.failures().countHere(permit, drawn, e, elapsed);
      if (type == null) {
        throw e;
      }
      Failure failure = course.failures().told(type, e);
      return course.retries()
          ? again(call, fallback, firstNanos, attempt, failure)
          : course.instead(failure, fallback);
    }
    permit.answered(drawn, course.elapsedNanos(drawn, nowNanos));
    return answer;
  }

  private T again(
      Callable<? extends T> call,
      Fallback<T> fallback,
      long firstNanos,
      int attempt,
      Failure failure)
      throws Exception {
    long wait = course.backOffNanos(Context.current(), firstNanos, attempt, failure);
    if (wait < 0) {
      return course.instead(failure, fallback);
    }
    pause(wait);
    Permit permit = course.admitAgain();
    return permit == null
        ? course.instead(failure, fallback)
        : attempt(permit, call, fallback, firstNanos, attempt + 1);
  }

  private static void pause(long nanos) throws InterruptedException {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw e;
    }
  }

  private T made(Callable<? extends T> call, long nowNanos, long left) throws Exception {
    return pool == null ? here(call, nowNanos, left) : inPool(pool, call, nowNanos, left);
  }

  private T here(Callable<? extends T> call, long nowNanos, long left) throws Exception {
    return left == TimeLimit.NONE
        ? Guarded.call(call)
        : inTime(course.within(Context.current(), nowNanos, left), call, left);
  }

  private T inTime(Context context, Callable<? extends T> call, long left) throws Exception {
    Alarm.Set alarm = Alarm.in(left);
    T answer;
    try {
      answer = Guarded.call(context, call);
    } catch (Exception e) {
      throw alarm.end() ? timedOut(left, e) : e;
    } catch (Throwable e) {
      alarm.end();
      throw e;
    }
    alarm.end();
    return answer;
  }

  private T inPool(CallPool pool, Callable<? extends T> call, long nowNanos, long left)
      throws Exception {
    if (pool.isOfThisThread()) {
      try {
        return here(call, nowNanos, left);
      } finally {
        pool.slots().giveBack();
      }
    }
    Context context = course.within(Context.current(), nowNanos, left);
    try {
      return pool.<T>call(() -> Guarded.call(context, call), left);
    } catch (TimeoutException e) {
      throw timedOut(left, e);
    }
  }

  private static TimeoutException timedOut(long left, Exception cause) {
    if (cause instanceof TimeoutException already && already.getMessage() != null) {
      return already;
    }
    var timedOut = new TimeoutException("no answer within " + Duration.ofNanos(left));
    timedOut.initCause(cause);
    return timedOut;
  }
}
