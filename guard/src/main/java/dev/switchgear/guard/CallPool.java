package dev.switchgear.guard;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A bulkhead of threads: calls run on threads of its own, and whoever asked for one waits no longer
 * than its timeout, whatever the call does. Calls that find every thread busy wait in a bounded
 * queue. Threads exist while there is something to do, so there is nothing to close. Thread-safe.
 */
public final class CallPool {

  private static final int MOST = 10_000;
  private static final long IDLE_SECONDS = 10;

  private final String name;
  private final int threads;
  private final Slots slots;
  private final ThreadPoolExecutor executor;
  private final AtomicInteger made = new AtomicInteger();

  CallPool(String name, int threads, int queue) {
    check("threads", threads, 1);
    check("queue", queue, 0);
    this.name = name;
    this.threads = threads;
    this.slots = new Slots(threads + queue);
    this.executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            this::thread);
    executor.allowCoreThreadTimeOut(true);
  }

  /** Its name, or that of the breaker that it is of. */
  public String name() {
    return name;
  }

  /** Calls that run or wait now, those included that nobody waits for any more. */
  public int running() {
    return slots.taken();
  }

  boolean isLike(int otherThreads, int queue) {
    return threads == otherThreads && slots.size() == threads + queue;
  }

  /** Room for threads and queue together: a call that has a slot is never rejected. */
  Slots slots() {
    return slots;
  }

  /**
   * Calls on a thread of the pool, and waits. The slot is given back when the call has really
   * ended.
   *
   * @param task to be called by whoever holds a slot
   * @throws TimeoutException if it took longer; it is interrupted then
   */
  <T extends @Nullable Object> T call(Callable<? extends T> task, long limitNanos)
      throws Exception {
    FutureTask<T> running = new FutureTask<>(task::call);
    start(running);
    try {
      return running.get(limitNanos, TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw thrown(e);
    } catch (TimeoutException | InterruptedException e) {
      running.cancel(true);
      throw e;
    }
  }

  /**
   * Whether the calling thread is one of the pool: if it waited for another, it may be for ever.
   */
  boolean isOfThisThread() {
    return Thread.currentThread() instanceof PoolThread thread && thread.pool == this;
  }

  private void start(FutureTask<?> task) {
    try {
      executor.execute(() -> run(task));
    } catch (Throwable e) { // No memory for another thread, for example.
      slots.giveBack();
      throw e;
    }
  }

  private void run(FutureTask<?> task) {
    try {
      task.run();
    } finally {
      slots.giveBack();
    }
  }

  private static Exception thrown(ExecutionException wrapped) {
    Throwable cause = wrapped.getCause();
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof Exception exception ? exception : wrapped;
  }

  private Thread thread(Runnable task) {
    return new PoolThread(this, task, "switchgear-" + name + "-" + made.incrementAndGet());
  }

  private static final class PoolThread extends Thread {
    private final CallPool pool;

    PoolThread(CallPool pool, Runnable task, String name) {
      super(task, name);
      this.pool = pool;
      setDaemon(true);
    }
  }

  private static void check(String name, int value, int least) {
    if (value < least || value > MOST) {
      throw new IllegalArgumentException(
          "%s: %d (expected: %d..%d)".formatted(name, value, least, MOST));
    }
  }
}
