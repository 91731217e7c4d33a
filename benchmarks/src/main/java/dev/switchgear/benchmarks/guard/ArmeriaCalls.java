package dev.switchgear.benchmarks.guard;

import com.linecorp.armeria.client.circuitbreaker.CircuitBreaker;
import com.linecorp.armeria.client.circuitbreaker.CircuitState;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Armeria's breaker by hand; what it lacks, from the JDK and from Bucket4j. */
@State(Scope.Benchmark)
public class ArmeriaCalls {

  private final Callable<Object> answers = Dependency.answers();
  private final Callable<Object> fails = Dependency.fails();
  private final CircuitBreaker closed = breaker("closed");
  private final CircuitBreaker open = opened();
  private final Semaphore bulkhead = new Semaphore(Dependency.BULKHEAD);
  private final Bucket bucket =
      Bucket.builder()
          .addLimit(
              limit ->
                  limit
                      .capacity(Dependency.RATE)
                      .refillGreedy(Dependency.RATE, Duration.ofSeconds(1)))
          .build();

  private static CircuitBreaker breaker(String name) {
    return CircuitBreaker.builder(name)
        .failureRateThreshold(Dependency.FAILURES)
        .minimumRequestThreshold(Dependency.CALLS)
        .counterSlidingWindow(Dependency.WINDOW)
        .circuitOpenWindow(Dependency.OPEN_FOR)
        .trialRequestInterval(Dependency.OPEN_FOR)
        .build();
  }

  private static CircuitBreaker opened() {
    CircuitBreaker breaker = breaker("open");
    breaker.enterState(CircuitState.OPEN);
    return breaker;
  }

  @Benchmark
  public Object closed() {
    return guarded(closed, answers);
  }

  @Benchmark
  public Object open() {
    return guarded(open, answers);
  }

  @Benchmark
  public Object composed() {
    if (!closed.tryRequest() || !bucket.tryConsume(1) || !bulkhead.tryAcquire()) {
      return Dependency.FALLBACK;
    }
    try {
      return recorded(closed, answers);
    } finally {
      bulkhead.release();
    }
  }

  @Benchmark
  public Object failing(Turns turns) {
    return guarded(closed, turns.other() ? fails : answers);
  }

  private static Object guarded(CircuitBreaker breaker, Callable<Object> call) {
    return breaker.tryRequest() ? recorded(breaker, call) : Dependency.FALLBACK;
  }

  private static Object recorded(CircuitBreaker breaker, Callable<Object> call) {
    try {
      Object answer = call.call();
      breaker.onSuccess();
      return answer;
    } catch (Exception e) {
      breaker.onFailure();
      return Dependency.FALLBACK;
    }
  }
}
