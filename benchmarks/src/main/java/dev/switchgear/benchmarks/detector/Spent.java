package dev.switchgear.benchmarks.detector;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.List;
import java.util.function.Predicate;

/**
 * What has been spent so far.
 *
 * @param threadNanos CPU time of the threads in question
 * @param processNanos CPU time of the process, compiler and garbage collector included
 * @param allocatedBytes by the threads in question
 */
record Spent(long threadNanos, long processNanos, long allocatedBytes) {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  /** By the calling thread. */
  static Spent here() {
    return by(Thread.currentThread().getName());
  }

  /** By all threads whose names hold the given one. */
  static Spent by(String name) {
    return by(thread -> thread.contains(name));
  }

  /** By all threads but those whose names begin as given. */
  static Spent exceptFor(List<String> beginnings) {
    return by(thread -> beginnings.stream().noneMatch(thread::startsWith));
  }

  private static Spent by(Predicate<String> counted) {
    long nanos = 0;
    long bytes = 0;
    for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null && counted.test(thread.getThreadName())) {
        nanos += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
        bytes += Math.max(0, THREADS.getThreadAllocatedBytes(thread.getThreadId()));
      }
    }
    return new Spent(nanos, PROCESS.getProcessCpuTime(), bytes);
  }

  /** What has been spent since then. */
  Spent since(Spent before) {
    return new Spent(
        threadNanos - before.threadNanos,
        processNanos - before.processNanos,
        allocatedBytes - before.allocatedBytes);
  }
}
