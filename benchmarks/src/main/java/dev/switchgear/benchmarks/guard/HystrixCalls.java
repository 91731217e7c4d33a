package dev.switchgear.benchmarks.guard;

import com.netflix.hystrix.HystrixCommand;
import com.netflix.hystrix.HystrixCommandGroupKey;
import com.netflix.hystrix.HystrixCommandKey;
import com.netflix.hystrix.HystrixCommandProperties;
import com.netflix.hystrix.HystrixCommandProperties.ExecutionIsolationStrategy;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Hystrix: a command for each call, on the caller's thread. It cannot do without its semaphore; its
 * timeout, which takes a timer for each call, is off.
 */
@State(Scope.Benchmark)
public class HystrixCalls {

  private static final long OPENS_WITHIN_NANOS = Duration.ofSeconds(20).toNanos();

  private final Callable<Object> answers = Dependency.answers();
  private final Callable<Object> fails = Dependency.fails();
  private final HystrixCommand.Setter closed = settings("closed");
  private final HystrixCommand.Setter open = settings("open");

  /** Lets a breaker open by failing. */
  @Setup
  public void failUntilOpen() {
    long start = System.nanoTime();
    Guarded command = new Guarded(open, fails);
    while (!command.isCircuitBreakerOpen()) {
      if (System.nanoTime() - start > OPENS_WITHIN_NANOS) {
        throw new IllegalStateException("closed after " + OPENS_WITHIN_NANOS + " ns of failures");
      }
      command.execute();
      command = new Guarded(open, fails);
    }
  }

  private static HystrixCommand.Setter settings(String name) {
    return HystrixCommand.Setter.withGroupKey(HystrixCommandGroupKey.Factory.asKey("bench"))
        .andCommandKey(HystrixCommandKey.Factory.asKey(name))
        .andCommandPropertiesDefaults(
            HystrixCommandProperties.Setter()
                .withExecutionIsolationStrategy(ExecutionIsolationStrategy.SEMAPHORE)
                .withExecutionIsolationSemaphoreMaxConcurrentRequests(Dependency.BULKHEAD)
                .withExecutionTimeoutEnabled(false)
                .withFallbackIsolationSemaphoreMaxConcurrentRequests(Dependency.BULKHEAD)
                .withCircuitBreakerErrorThresholdPercentage(Dependency.FAILURES_PERCENT)
                .withCircuitBreakerRequestVolumeThreshold(Dependency.CALLS)
                .withCircuitBreakerSleepWindowInMilliseconds((int) Dependency.OPEN_FOR.toMillis())
                .withMetricsRollingStatisticalWindowInMilliseconds(
                    (int) Dependency.WINDOW.toMillis()));
  }

  @Benchmark
  public Object closed() {
    return new Guarded(closed, answers).execute();
  }

  @Benchmark
  public Object open() {
    return new Guarded(open, answers).execute();
  }

  @Benchmark
  public Object failing(Turns turns) {
    return new Guarded(closed, turns.other() ? fails : answers).execute();
  }

  private static final class Guarded extends HystrixCommand<Object> {

    private final Callable<Object> call;

    Guarded(Setter settings, Callable<Object> call) {
      super(settings);
      this.call = call;
    }

    @Override
    protected Object run() throws Exception {
      return call.call();
    }

    @Override
    protected Object getFallback() {
      return Dependency.FALLBACK;
    }
  }
}
