package dev.switchgear.guard;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls whose answer comes later, on whatever thread. Thread-safe. */
final class AsyncCalls<T extends @Nullable Object> {

  private static final Logger LOG = LoggerFactory.getLogger(AsyncCalls.class);

  /** Fallbacks of a guard that can block at a time; more wait, as many as calls run. */
  private static final int THREADS = 32;

  private static final long IDLE_SECONDS = 10;

  private final Course<T> course;
  private final Executor elsewhere;

  /**
   * Of one guard.
   *
   * @param elsewhere where calls go on whose time is over
   */
  AsyncCalls(Course<T> course, Executor elsewhere) {
    this.course = course;
    this.elsewhere = elsewhere;
  }

  /**
   * Threads for the calls of one guard: a fallback may block, and neither the timer nor the calls
   * of another guard must wait for it. They exist while there is something to do.
   */
  static Executor elsewhere(String breaker) {
    Backlog backlog = new Backlog();
    return new ThreadPoolExecutor(
        0,
        THREADS,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        backlog,
        task -> thread(task, "switchgear-async-" + breaker),
        (task, full) -> backlog.add(task));
  }

  /**
   * What waits while every thread is busy. A pool makes another thread where its queue takes
   * nothing, so this offers a task to idle threads only.
   */
  private static final class Backlog extends LinkedTransferQueue<Runnable> {

    private static final long serialVersionUID = 1L;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }

    @Override
    public boolean add(Runnable task) {
      return super.offer(task);
    }
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  CompletionStage<T> call(Supplier<? extends CompletionStage<T>> call, Fallback<T> fallback) {
    Object decided = course.gate().decide();
    if (decided instanceof Refusal refusal) {
      return instead(refusal, fallback);
    }
    Permit admitted = (Permit) decided;
    Errand errand = new Errand(ofCaller(admitted), call, fallback);
    return cancellable(errand.attempt(admitted, 1), errand);
  }

  /** Whoever tells the client or the tier may fail; then the call is not made. */
  private Course<T> ofCaller(Permit admitted) {
    try {
      return course.ofCaller();
    } catch (Throwable e) {
      admitted.cancelled();
      throw e;
    }
  }

  /** What one caller wants done, in however many attempts. */
  private final class Errand {

    private final Course<T> course;
    private final Supplier<? extends CompletionStage<T>> call;
    private final Fallback<T> fallback;
    private final Context context = Context.current();

    /** Written before anything is started that another thread might go on with. */
    private long firstNanos;

    private volatile @Nullable Running<T> running;
    private volatile boolean cancelled;

    Errand(Course<T> course, Supplier<? extends CompletionStage<T>> call, Fallback<T> fallback) {
      this.course = course;
      this.call = call;
      this.fallback = fallback;
    }

    CompletionStage<T> attempt(Permit admitted, int attempt) {
      boolean endless = course.isEndless();
      int drawn = admitted.draw();
      Object passed = course.pass(admitted);
      if (passed instanceof Refusal refusal) {
        return insteadOf(refusal);
      }
      Permit permit = (Permit) passed;
      long now = course.startNanos(drawn, endless);
      if (attempt == 1) {
        firstNanos = now;
      }
      long left = endless ? TimeLimit.NONE : course.leftNanos(context, firstNanos, now);
      if (left <= 0) {
        return insteadOf(course.outOfTime(permit));
      }
      if (attempt == 1) {
        course.called();
      }
      Running<T> started = start(now, left);
      running = started;
      if (cancelled) { // Before whoever did so could see it.
        started.cancel();
      }
      return started
          .answer()
          .handle((answer, thrown) -> end(permit, drawn, now, attempt, answer, thrown))
          .thenCompose(Function.identity());
    }

    /** Whatever attempt runs, and none follows. */
    void cancel() {
      cancelled = true;
      Running<T> last = running;
      if (last != null) {
        last.cancel();
      }
    }

    private Running<T> start(long now, long left) {
      CompletionStage<T> stage;
      try {
        stage = Guarded.call(course.within(context, now, left), call::get);
        Objects.requireNonNull(stage, "the call gave no stage");
      } catch (Throwable e) {
        stage = CompletableFuture.failedStage(e);
      }
      Running<T> running = new Running<>(stage, new CompletableFuture<>(), new AtomicBoolean());
      if (left != TimeLimit.NONE) {
        expireAfter(left, running);
      }
      stage.whenComplete(running::end);
      return running;
    }

    private void expireAfter(long left, Running<T> running) {
      try {
        Future<?> alarm = Timers.after(left, () -> expire(left, running));
        CompletionStage<T> answer = running.answer();
        answer.whenComplete((any, thrown) -> alarm.cancel(false));
      } catch (Throwable e) { // No memory for the timer's thread, for example.
        running.giveUp(e);
      }
    }

    private void expire(long left, Running<T> running) {
      try {
        elsewhere.execute(() -> running.expire(left));
      } catch (Throwable e) { // No memory for another thread: better late for others than never.
        running.expire(left);
      }
    }

    private CompletionStage<T> end(
        Permit permit,
        int drawn,
        long startNanos,
        int attempt,
        T answer,
        @Nullable Throwable wrapped) {
      long elapsed = course.elapsedNanos(drawn, startNanos);
      if (wrapped == null) {
        permit.answered(drawn, elapsed);
        return CompletableFuture.completedStage(answer);
      }
      Throwable thrown = ErrorType.unwrapped(wrapped);
      String type =
          course.failures().countLater(permit, drawn, thrown, elapsed, Span.fromContext(context));
      return type == null
          ? CompletableFuture.failedStage(thrown)
          : again(attempt, course.failures().told(type, thrown));
    }

    private CompletionStage<T> again(int attempt, Failure failure) {
      long wait = course.backOffNanos(context, firstNanos, attempt, failure);
      if (wait < 0) {
        return insteadOf(failure);
      }
      CompletableFuture<Failure> waited = new CompletableFuture<>();
      Timers.run(wait, () -> waited.complete(failure));
      return waited.thenComposeAsync(failed -> attemptAgain(attempt, failed), elsewhere);
    }

    /** The caller's span is told, whatever thread this is. */
    @SuppressWarnings("try") // The scope is there to be closed.
    private CompletionStage<T> insteadOf(Unavailable why) {
      try (Scope scope = context.makeCurrent()) {
        return instead(why, fallback);
      }
    }

    @SuppressWarnings("try") // The scope is there to be closed.
    private CompletionStage<T> attemptAgain(int attempt, Failure failure) {
      if (cancelled) {
        return CompletableFuture.failedStage(new CancellationException());
      }
      try (Scope scope = context.makeCurrent()) {
        Permit permit = course.admitAgain();
        return permit == null ? insteadOf(failure) : attempt(permit, attempt + 1);
      }
    }
  }

  /**
   * A call that runs.
   *
   * @param answer of the call, or that the time is over, whichever comes first
   * @param decided whether it is known which; only then may the call be cancelled, and only after
   *     that may anybody go on
   */
  private record Running<T extends @Nullable Object>(
      CompletionStage<T> call, CompletableFuture<T> answer, AtomicBoolean decided) {

    void end(T given, @Nullable Throwable thrown) {
      if (decided.compareAndSet(false, true)) {
        Stages.complete(answer, given, thrown);
      }
    }

    void expire(long left) {
      giveUp(new TimeoutException("no answer within " + Duration.ofNanos(left)));
    }

    void giveUp(Throwable why) {
      if (decided.compareAndSet(false, true)) {
        cancelCall();
        answer.completeExceptionally(why);
      }
    }

    void cancel() {
      if (decided.compareAndSet(false, true)) {
        cancelCall();
        answer.cancel(true);
      }
    }

    /** Whatever comes of it, the caller is told. */
    private void cancelCall() {
      try {
        call.toCompletableFuture().cancel(true);
      } catch (RuntimeException e) {
        LOG.debug("{} cannot be cancelled", call, e);
      }
    }
  }

  private CompletionStage<T> cancellable(CompletionStage<T> ended, Errand errand) {
    CompletableFuture<T> returned = new CompletableFuture<>();
    ended.whenComplete((answer, thrown) -> Stages.complete(returned, answer, thrown));
    return Stages.cancelling(returned, errand::cancel);
  }

  private CompletionStage<T> instead(Unavailable why, Fallback<T> fallback) {
    try {
      return CompletableFuture.completedStage(course.instead(why, fallback));
    } catch (Exception e) {
      return CompletableFuture.failedStage(e);
    }
  }
}
