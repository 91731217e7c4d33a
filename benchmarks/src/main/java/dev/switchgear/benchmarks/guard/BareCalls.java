package dev.switchgear.benchmarks.guard;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Without any library. */
@State(Scope.Benchmark)
public class BareCalls {

  private final Callable<Object> call = Dependency.answers();
  private final LongAdder calls = new LongAdder();

  /** What nobody can be faster than. */
  @Benchmark
  public Object alone() throws Exception {
    return call.call();
  }

  /** What nobody who counts can be faster than. */
  @Benchmark
  public Object counted() throws Exception {
    calls.increment();
    return call.call();
  }

  /** What measuring a duration costs twice. */
  @Benchmark
  public long clock() {
    return System.nanoTime();
  }
}
