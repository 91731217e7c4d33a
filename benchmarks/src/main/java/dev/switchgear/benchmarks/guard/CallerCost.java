package dev.switchgear.benchmarks.guard;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Collection;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * What a call takes of the processor, and allocates, on the threads that call. On a machine with
 * nothing else to do the one is how long it takes; where others take their turns, it is what it
 * would take without them. The other leaves out what Kafka's clients allocate all the time, which
 * is no more the call's than what they compute.
 */
public final class CallerCost implements InternalProfiler {

  static final String NANOS = "caller.cpu.norm";
  static final String BYTES = "caller.alloc.norm";

  private static final String CALLERS = "jmh-worker";

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long nanosBefore;
  private long bytesBefore;

  @Override
  public String getDescription() {
    return "CPU time and allocations of the calling threads";
  }

  @Override
  public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
    nanosBefore = ofCallers(threads::getThreadCpuTime);
    bytesBefore = ofCallers(threads::getThreadAllocatedBytes);
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
    double bytes = ofCallers(threads::getThreadAllocatedBytes) - bytesBefore;
    double nanos = ofCallers(threads::getThreadCpuTime) - nanosBefore;
    long calls = Math.max(1, result.getMetadata().getAllOps());
    return List.of(
        new ScalarResult(NANOS, nanos / calls, "ns/op", AggregationPolicy.MIN),
        new ScalarResult(BYTES, bytes / calls, "B/op", AggregationPolicy.MIN));
  }

  /** The sum of something that is known of each thread by its id. */
  private long ofCallers(LongUnaryOperator something) {
    long sum = 0;
    for (@Nullable ThreadInfo each : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (each != null && each.getThreadName().contains(CALLERS)) {
        sum += Math.max(0, something.applyAsLong(each.getThreadId()));
      }
    }
    return sum;
  }
}
