package dev.switchgear.benchmarks.guard;

import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What Switchgear does where a breaker is called a few thousand times a second: each call is timed.
 * As fast as here it would time a few of them, so it is told not to.
 */
@State(Scope.Benchmark)
public class TimedSwitchgearCalls extends SwitchgearCalls {

  /** For JMH. */
  public TimedSwitchgearCalls() {
    super(builder().timeEveryCall().build());
  }
}
