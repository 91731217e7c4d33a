package dev.switchgear.benchmarks.guard;

import dev.failsafe.Bulkhead;
import dev.failsafe.CircuitBreaker;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.Fallback;
import dev.failsafe.RateLimiter;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Failsafe: through its executor, and its breaker by hand. */
@State(Scope.Benchmark)
public class FailsafeCalls {

  private final Callable<Object> answers = Dependency.answers();
  private final Callable<Object> fails = Dependency.fails();
  private final CircuitBreaker<Object> closedBreaker = breaker();
  private final CircuitBreaker<Object> openBreaker = opened();
  private final Fallback<Object> fallback = Fallback.of(Dependency.FALLBACK);
  private final FailsafeExecutor<Object> closed = Failsafe.with(fallback, breaker());
  private final FailsafeExecutor<Object> open = Failsafe.with(fallback, opened());
  private final FailsafeExecutor<Object> composed =
      Failsafe.with(
          fallback,
          breaker(),
          RateLimiter.burstyBuilder(Dependency.RATE, Duration.ofSeconds(1)).build(),
          Bulkhead.of(Dependency.BULKHEAD));

  private static CircuitBreaker<Object> breaker() {
    int failures = Dependency.CALLS * Dependency.FAILURES_PERCENT / 100;
    return CircuitBreaker.builder()
        .withFailureThreshold(failures, Dependency.CALLS)
        .withDelay(Dependency.OPEN_FOR)
        .build();
  }

  private static CircuitBreaker<Object> opened() {
    CircuitBreaker<Object> breaker = breaker();
    breaker.open();
    return breaker;
  }

  @Benchmark
  public Object closed() {
    return closed.get(answers::call);
  }

  @Benchmark
  public Object closedAlone() throws Exception {
    return alone(closedBreaker);
  }

  @Benchmark
  public Object open() {
    return open.get(answers::call);
  }

  @Benchmark
  public Object openAlone() throws Exception {
    return alone(openBreaker);
  }

  @Benchmark
  public Object composed() {
    return composed.get(answers::call);
  }

  @Benchmark
  public Object failing(Turns turns) {
    Callable<Object> call = turns.other() ? fails : answers;
    return closed.get(call::call);
  }

  private Object alone(CircuitBreaker<Object> breaker) throws Exception {
    if (!breaker.tryAcquirePermit()) {
      return Dependency.FALLBACK;
    }
    Object answer = answers.call();
    breaker.recordSuccess();
    return answer;
  }
}
