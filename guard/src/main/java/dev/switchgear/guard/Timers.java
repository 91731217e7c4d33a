package dev.switchgear.guard;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs something short later, on one thread of this process that exists while something waits. What
 * waits is bounded by the calls that run.
 */
final class Timers {

  private static final long IDLE_SECONDS = 10;

  private static final ScheduledThreadPoolExecutor EXECUTOR = executor();

  private Timers() {}

  /** Runs the task after so many nanoseconds, unless that is cancelled; it must not block. */
  static Future<?> after(long nanos, Runnable task) {
    return EXECUTOR.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  /** Runs the task after so many nanoseconds; it must not block. */
  @SuppressWarnings("FutureReturnValueIgnored") // Nobody calls it off.
  static void run(long nanos, Runnable task) {
    after(nanos, task);
  }

  private static ScheduledThreadPoolExecutor executor() {
    var executor = new ScheduledThreadPoolExecutor(1, Timers::thread);
    executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    executor.setRemoveOnCancelPolicy(true);
    return executor;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "switchgear-timer");
    thread.setDaemon(true);
    return thread;
  }
}
