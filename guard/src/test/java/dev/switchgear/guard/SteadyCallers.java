package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.testing.Eventually;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Threads that call through a breaker in every way, until they are stopped or a call fails. */
final class SteadyCallers implements AutoCloseable {

  private static final int THREADS = 4;

  private final Guard guard;
  private final GuardedCall<String> whole;
  private final AtomicLong answered = new AtomicLong();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final List<Future<?>> callers = new ArrayList<>();
  private volatile boolean stopped;

  /** Starts to call. */
  SteadyCallers(Guard guard, GuardedCall<String> whole) {
    this.guard = guard;
    this.whole = whole;
    for (int i = 0; i < THREADS; i++) {
      callers.add(threads.submit(this::call));
    }
  }

  /** Calls that have ended, all of them well. */
  long answered() {
    return answered.get();
  }

  /** Waits until so many more calls have been answered. */
  void awaitMore(int calls) {
    long wanted = answered() + calls;
    Eventually.holds(
        "calling", () -> answered() > wanted || callers.stream().anyMatch(Future::isDone));
  }

  /** Returns when no call runs; fails if one has failed. */
  void stop() throws Exception {
    stopped = true;
    for (Future<?> each : callers) {
      each.get(Eventually.BOUND.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private Void call() throws Exception {
    Callable<String> answer = () -> "answer";
    while (!stopped) {
      isAnswered(guard.call(answer, why -> "instead: " + why));
      isAnswered(whole.call(answer));
      isAnswered(
          whole
              .callAsync(() -> CompletableFuture.supplyAsync(() -> "answer"))
              .toCompletableFuture()
              .get(Eventually.BOUND.toSeconds(), TimeUnit.SECONDS));
    }
    return null;
  }

  private void isAnswered(String answer) {
    assertThat(answer).isEqualTo("answer");
    answered.incrementAndGet();
  }
}
