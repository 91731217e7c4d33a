package dev.switchgear.benchmarks.guard;

import dev.switchgear.guard.GuardedCall;
import dev.switchgear.guard.GuardedCallBuilder;
import dev.switchgear.guard.RateLimit;
import dev.switchgear.guard.Switchgear;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What Switchgear does where a breaker is called a few thousand times a second: each call is timed.
 * As fast as here it would time a few of them, so it is told not to.
 */
@State(Scope.Benchmark)
public class TimedSwitchgearCalls {

  private static final Duration READY = Duration.ofSeconds(30);

  private final Callable<Object> answers = Dependency.answers();
  private final Callable<Object> fails = Dependency.fails();
  private final Switchgear gear =
      Switchgear.builder(System.getProperty(Fleet.ADDRESS, ""), "bench").timeEveryCall().build();
  private final GuardedCall<Object> closedCall = guarded().build();
  private final GuardedCall<Object> composedCall =
      guarded()
          .rateLimit(RateLimit.perSecond(Dependency.RATE))
          .bulkhead(Dependency.BULKHEAD)
          .build();

  private GuardedCallBuilder<Object> guarded() {
    return gear.guard(Fleet.CLOSED, Object.class).fallbackValue(Dependency.FALLBACK);
  }

  /** Returns when the fleet's word is obeyed. */
  @Setup
  public void awaitReady() throws InterruptedException {
    if (!gear.awaitReady(READY)) {
      throw new IllegalStateException("Kafka does not answer after " + READY);
    }
  }

  /** Disconnects. */
  @TearDown
  public void close() {
    gear.close();
  }

  @Benchmark
  public Object closed() throws Exception {
    return closedCall.call(answers);
  }

  @Benchmark
  public Object composed() throws Exception {
    return composedCall.call(answers);
  }

  @Benchmark
  public Object failing(Turns turns) throws Exception {
    return closedCall.call(turns.other() ? fails : answers);
  }
}
