package dev.switchgear.benchmarks.guard;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * What a call takes of the processor, on the threads that call. On a machine with nothing else to
 * do that is how long it takes; where others take their turns, it is what it would take without
 * them.
 */
public final class CallerTime implements InternalProfiler {

  static final String NANOS = "caller.cpu.norm";

  private static final String CALLERS = "jmh-worker";

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private long before;

  @Override
  public String getDescription() {
    return "CPU time of the calling threads";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    before = callersNanos();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double nanos = callersNanos() - before;
    long calls = Math.max(1, result.getMetadata().getAllOps());
    return List.of(new ScalarResult(NANOS, nanos / calls, "ns/op", AggregationPolicy.MIN));
  }

  private long callersNanos() {
    long nanos = 0;
    for (@Nullable ThreadInfo each : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (each != null && each.getThreadName().contains(CALLERS)) {
        nanos += Math.max(0, threads.getThreadCpuTime(each.getThreadId()));
      }
    }
    return nanos;
  }
}
