package dev.switchgear.gamedays.http;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads with a bounded queue before them. */
public final class Threads {

  /** Tasks that wait for a thread; beyond it whoever brings one works himself, and slows down. */
  private static final int WAITING_LIMIT = 256;

  private static final Duration IDLE_THREAD = Duration.ofSeconds(30);

  private Threads() {}

  /**
   * Daemon threads.
   *
   * @param most at a time, at least 1
   */
  public static ExecutorService bounded(String name, int most) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_THREAD.toMillis(),
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(WAITING_LIMIT),
            work -> {
              Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.CallerRunsPolicy());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
