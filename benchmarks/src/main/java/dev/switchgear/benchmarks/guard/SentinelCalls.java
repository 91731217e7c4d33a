package dev.switchgear.benchmarks.guard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.alibaba.csp.sentinel.Entry;
import com.alibaba.csp.sentinel.SphU;
import com.alibaba.csp.sentinel.Tracer;
import com.alibaba.csp.sentinel.slots.block.BlockException;
import com.alibaba.csp.sentinel.slots.block.RuleConstant;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRule;
import com.alibaba.csp.sentinel.slots.block.degrade.DegradeRuleManager;
import com.alibaba.csp.sentinel.slots.block.flow.FlowRule;
import com.alibaba.csp.sentinel.slots.block.flow.FlowRuleManager;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Sentinel: an entry around each call, as its guide has it. */
@State(Scope.Benchmark)
public class SentinelCalls {

  private static final String CLOSED = "closed";
  private static final String OPEN = "open";
  private static final String COMPOSED = "composed";

  private final Callable<Object> answers = Dependency.answers();
  private final Callable<Object> fails = Dependency.fails();

  /**
   * Tells the rules, and lets a breaker open by failing. Nothing is printed: Sentinel would say
   * where it logs to in the midst of the table.
   */
  @Setup
  public void load() {
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, UTF_8));
    try {
      loadAndFail();
    } finally {
      System.setOut(out);
    }
  }

  private void loadAndFail() {
    DegradeRuleManager.loadRules(List.of(breaker(CLOSED), breaker(OPEN), breaker(COMPOSED)));
    FlowRuleManager.loadRules(
        List.of(
            limit(RuleConstant.FLOW_GRADE_QPS, Dependency.RATE),
            limit(RuleConstant.FLOW_GRADE_THREAD, Dependency.BULKHEAD)));
    for (int failed = 0; failed < 2 * Dependency.CALLS; failed++) {
      guarded(OPEN, fails);
    }
    if (!isRefused(OPEN)) {
      throw new IllegalStateException("closed after failures only");
    }
  }

  private static DegradeRule breaker(String resource) {
    return new DegradeRule(resource)
        .setGrade(RuleConstant.DEGRADE_GRADE_EXCEPTION_RATIO)
        .setCount(Dependency.FAILURES)
        .setMinRequestAmount(Dependency.CALLS)
        .setStatIntervalMs((int) Dependency.WINDOW.toMillis())
        .setTimeWindow((int) Dependency.OPEN_FOR.toSeconds());
  }

  private static FlowRule limit(int grade, int count) {
    return new FlowRule(COMPOSED).setGrade(grade).setCount(count);
  }

  private static boolean isRefused(String resource) {
    try {
      SphU.entry(resource).exit();
      return false;
    } catch (BlockException e) {
      return true;
    }
  }

  @Benchmark
  public Object closed() {
    return guarded(CLOSED, answers);
  }

  @Benchmark
  public Object open() {
    return guarded(OPEN, answers);
  }

  @Benchmark
  public Object composed() {
    return guarded(COMPOSED, answers);
  }

  @Benchmark
  public Object failing(Turns turns) {
    return guarded(CLOSED, turns.other() ? fails : answers);
  }

  private static Object guarded(String resource, Callable<Object> call) {
    Entry entry;
    try {
      entry = SphU.entry(resource);
    } catch (BlockException e) {
      return Dependency.FALLBACK;
    }
    try {
      return call.call();
    } catch (Exception e) {
      Tracer.traceEntry(e, entry);
      return Dependency.FALLBACK;
    } finally {
      entry.exit();
    }
  }
}
