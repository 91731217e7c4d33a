package dev.switchgear.benchmarks.guard;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.core.CallableUtils;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Resilience4j: calls decorated once, with its window of the last calls. */
@State(Scope.Benchmark)
public class Resilience4jCalls {

  private final CircuitBreaker breaker = breaker("closed", settings());
  private final Callable<Object> closed = guarded(breaker, Dependency.answers());
  private final Callable<Object> fails = guarded(breaker, Dependency.fails());
  private final Callable<Object> lockFree =
      guarded(
          breaker(
              "lock-free",
              settings()
                  .slidingWindowSynchronizationStrategy(
                      SlidingWindowSynchronizationStrategy.LOCK_FREE)),
          Dependency.answers());
  private final Callable<Object> open =
      guarded(opened(breaker("open", settings())), Dependency.answers());
  private final Callable<Object> openStackless =
      guarded(
          opened(breaker("stackless", settings().writableStackTraceEnabled(false))),
          Dependency.answers());
  private final Callable<Object> composed = limited();

  private static CircuitBreakerConfig.Builder settings() {
    return CircuitBreakerConfig.custom()
        .failureRateThreshold(Dependency.FAILURES_PERCENT)
        .slidingWindowSize(Dependency.CALLS)
        .minimumNumberOfCalls(Dependency.CALLS)
        .waitDurationInOpenState(Dependency.OPEN_FOR);
  }

  private static CircuitBreaker breaker(String name, CircuitBreakerConfig.Builder settings) {
    return CircuitBreaker.of(name, settings.build());
  }

  private static CircuitBreaker opened(CircuitBreaker breaker) {
    breaker.transitionToOpenState();
    return breaker;
  }

  private static Callable<Object> guarded(CircuitBreaker breaker, Callable<Object> call) {
    return CallableUtils.recover(
        CircuitBreaker.decorateCallable(breaker, call), thrown -> Dependency.FALLBACK);
  }

  private static Callable<Object> limited() {
    RateLimiterConfig rate =
        RateLimiterConfig.custom()
            .limitForPeriod(Dependency.RATE)
            .limitRefreshPeriod(Duration.ofSeconds(1))
            .timeoutDuration(Duration.ZERO)
            .build();
    BulkheadConfig bulkhead =
        BulkheadConfig.custom()
            .maxConcurrentCalls(Dependency.BULKHEAD)
            .maxWaitDuration(Duration.ZERO)
            .build();
    Callable<Object> inBulkhead =
        Bulkhead.decorateCallable(Bulkhead.of("composed", bulkhead), Dependency.answers());
    return guarded(
        breaker("composed", settings()),
        RateLimiter.decorateCallable(RateLimiter.of("composed", rate), inBulkhead));
  }

  @Benchmark
  public Object closed() throws Exception {
    return closed.call();
  }

  @Benchmark
  public Object lockFree() throws Exception {
    return lockFree.call();
  }

  @Benchmark
  public Object open() throws Exception {
    return open.call();
  }

  @Benchmark
  public Object openStackless() throws Exception {
    return openStackless.call();
  }

  @Benchmark
  public Object composed() throws Exception {
    return composed.call();
  }

  @Benchmark
  public Object failing(Turns turns) throws Exception {
    return (turns.other() ? fails : closed).call();
  }
}
