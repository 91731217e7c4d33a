package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Calls one listener on a thread of its own, which exists while there is something to tell: one
 * that is slow, or throws, delays neither the guards nor the other listeners.
 */
final class StateListener {

  private static final Logger LOG = LoggerFactory.getLogger(StateListener.class);

  /** States that a slow listener may be behind; then it misses the oldest. */
  private static final int BACKLOG = 1_000;

  private static final long IDLE_SECONDS = 10;

  private final Consumer<BreakerState> listener;
  private final AtomicBoolean complained = new AtomicBoolean();
  private final ThreadPoolExecutor executor;

  StateListener(Consumer<BreakerState> listener) {
    this.listener = listener;
    this.executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(BACKLOG),
            StateListener::thread,
            this::missOldest);
    executor.allowCoreThreadTimeOut(true);
  }

  /** Tells a state; returns at once. */
  void tell(BreakerState state) {
    executor.execute(() -> call(state));
  }

  void close() {
    executor.shutdownNow();
  }

  private void call(BreakerState state) {
    try {
      listener.accept(state);
    } catch (RuntimeException e) {
      log("failed on the state of " + state.getBreaker(), e);
    }
  }

  /** A listener that fails once usually fails always: that is told once. */
  private void log(String what, @Nullable Exception cause) {
    Level level = complained.compareAndSet(false, true) ? Level.ERROR : Level.DEBUG;
    LOG.atLevel(level).setCause(cause).log("Listener {} {}", listener, what);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "switchgear-listener");
    thread.setDaemon(true);
    return thread;
  }

  private void missOldest(Runnable newest, ThreadPoolExecutor executor) {
    if (!executor.isShutdown()) {
      log("is " + BACKLOG + " states behind and misses the oldest", null);
      executor.getQueue().poll();
      executor.execute(newest);
    }
  }
}
