package dev.switchgear.benchmarks.guard;

import dev.switchgear.guard.Admission;
import dev.switchgear.guard.Guard;
import dev.switchgear.guard.GuardedCall;
import dev.switchgear.guard.GuardedCallBuilder;
import dev.switchgear.guard.Permit;
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
 * Switchgear as a service has it: connected to Kafka, obeying what is read there, and reporting its
 * counts four times a second.
 */
@State(Scope.Benchmark)
public class SwitchgearCalls {

  private static final Duration READY = Duration.ofSeconds(30);

  /** What a call took, of which the user of a permit keeps count. */
  private static final long ELAPSED_NANOS = 1_000;

  private final Callable<Object> answers = Dependency.answers();
  private final Callable<Object> fails = Dependency.fails();
  private final Switchgear gear;
  private final Guard closed;
  private final Guard open;
  private final GuardedCall<Object> closedCall;
  private final GuardedCall<Object> openCall;
  private final GuardedCall<Object> composedCall;

  /** For JMH. */
  public SwitchgearCalls() {
    this(builder().build());
  }

  SwitchgearCalls(Switchgear gear) {
    this.gear = gear;
    this.closed = gear.guard(Fleet.CLOSED);
    this.open = gear.guard(Fleet.OPEN);
    this.closedCall = guarded(gear, Fleet.CLOSED).build();
    this.openCall = guarded(gear, Fleet.OPEN).build();
    this.composedCall =
        guarded(gear, Fleet.CLOSED)
            .rateLimit(RateLimit.perSecond(Dependency.RATE))
            .bulkhead(Dependency.BULKHEAD)
            .build();
  }

  static Switchgear.Builder builder() {
    return Switchgear.builder(System.getProperty(Fleet.ADDRESS, ""), "bench");
  }

  private static GuardedCallBuilder<Object> guarded(Switchgear gear, String breaker) {
    return gear.guard(breaker, Object.class).fallbackValue(Dependency.FALLBACK);
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
  public Object closedAdmit() throws Exception {
    return admitted(closed.admit());
  }

  @Benchmark
  public Object open() throws Exception {
    return openCall.call(answers);
  }

  @Benchmark
  public Object openAdmit() throws Exception {
    return admitted(open.admit());
  }

  @Benchmark
  public Object composed() throws Exception {
    return composedCall.call(answers);
  }

  @Benchmark
  public Object composedAdmit() throws Exception {
    return admitted(composedCall.admit());
  }

  @Benchmark
  public Object failing(Turns turns) throws Exception {
    return closedCall.call(turns.other() ? fails : answers);
  }

  @Benchmark
  public Object failingAdmit(Turns turns) {
    if (!(closed.admit() instanceof Permit permit)) {
      return Dependency.FALLBACK;
    }
    try {
      Object answer = (turns.other() ? fails : answers).call();
      permit.success(ELAPSED_NANOS);
      return answer;
    } catch (Exception e) {
      permit.failure(Dependency.Trouble.NAME, ELAPSED_NANOS);
      return Dependency.FALLBACK;
    }
  }

  private Object admitted(Admission admission) throws Exception {
    if (!(admission instanceof Permit permit)) {
      return Dependency.FALLBACK;
    }
    Object answer = answers.call();
    permit.success(ELAPSED_NANOS);
    return answer;
  }
}
