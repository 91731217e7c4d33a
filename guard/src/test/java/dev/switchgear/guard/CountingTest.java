package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.State;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Callers, a reader and changing epochs at the same time: every call is told exactly once. */
class CountingTest {

  private static final Identity IDENTITY =
      new Identity("checkout", "checkout-1", null, null, null, 1);

  /** More than can own a stripe. */
  private static final int CALLERS = 2 * Stripe.COUNT;

  private static final int CALLS = 100_000;

  /** Fewer than are remembered, so that no late result is too late. */
  private static final int EPOCHS = Gate.PAST_EPOCHS;

  private static final int CALLS_PER_EPOCH = CALLS / (EPOCHS + 1);

  private final Gate gate = States.gate();
  private final Semaphore forgotten = new Semaphore(0);

  @Test
  void readWhileCallersCountAndEpochsChange_everyCallIsToldOnceAndInItsEpoch() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      AtomicBoolean calling = new AtomicBoolean(true);
      Future<Map<Long, Counts>> told = threads.submit(() -> read(calling));
      List<Future<Map<Long, Counts>>> running = new ArrayList<>();
      running.add(threads.submit(() -> call(true)));
      for (int i = 1; i < CALLERS; i++) {
        running.add(threads.submit(() -> call(false)));
      }
      Map<Long, Counts> counted = new TreeMap<>();
      for (Future<Map<Long, Counts>> each : running) {
        each.get().forEach((epoch, counts) -> counted.merge(epoch, counts, Counts::plus));
      }
      calling.set(false);

      assertThat(told.get()).isEqualTo(counted);
      assertThat(counted).hasSize(EPOCHS + 1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void endedEpochsAreForgottenWhileCallersCount_everyCallIsToldOnceAndInItsEpoch()
      throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    AtomicBoolean calling = new AtomicBoolean(true);
    AtomicBoolean counting = new AtomicBoolean(true);
    try {
      Future<Map<Long, Counts>> told = threads.submit(() -> read(counting));
      List<Future<Map<Long, Counts>>> running = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        running.add(threads.submit(() -> callWhile(calling)));
      }
      for (long epoch = 1; epoch <= EPOCHS; epoch++) {
        gate.obey(States.state(State.RECOVERING, epoch, 9_000));
        assertThat(forgotten.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      }
      calling.set(false);
      Map<Long, Counts> counted = new TreeMap<>();
      for (Future<Map<Long, Counts>> each : running) {
        each.get().forEach((epoch, counts) -> counted.merge(epoch, counts, Counts::plus));
      }
      counting.set(false);

      assertThat(told.get()).isEqualTo(counted);
      assertThat(gate.tallies()).hasSize(1);
    } finally {
      calling.set(false);
      counting.set(false);
      threads.shutdownNow();
    }
  }

  @Test
  void admittingAndCountingAnAnswer_allocatesNothing() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    admitAndAnswer(1_000);
    long before = bean.getCurrentThreadAllocatedBytes();
    admitAndAnswer(0);
    long floor = bean.getCurrentThreadAllocatedBytes() - before;

    before = bean.getCurrentThreadAllocatedBytes();
    admitAndAnswer(100_000);
    long allocated = bean.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).isEqualTo(floor);
  }

  @Test
  void refusing_allocatesNothing() {
    gate.obey(States.open(1));
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    admitAndAnswer(1_000);
    long before = bean.getCurrentThreadAllocatedBytes();
    admitAndAnswer(0);
    long floor = bean.getCurrentThreadAllocatedBytes() - before;

    before = bean.getCurrentThreadAllocatedBytes();
    admitAndAnswer(100_000);
    long allocated = bean.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).isEqualTo(floor);
  }

  private void admitAndAnswer(int calls) {
    for (int i = 1; i <= calls; i++) {
      if (gate.admit() instanceof Permit permit) {
        permit.success(i);
      }
    }
  }

  private record Counts(long calls, long errors, long refusals) {
    Counts plus(Counts other) {
      return new Counts(calls + other.calls, errors + other.errors, refusals + other.refusals);
    }
  }

  private Map<Long, Counts> call(boolean changesEpochs) {
    Map<Long, Counts> counts = new TreeMap<>();
    for (int i = 0; i < CALLS; i++) {
      if (changesEpochs && i > 0 && i % CALLS_PER_EPOCH == 0 && i / CALLS_PER_EPOCH <= EPOCHS) {
        gate.obey(States.state(State.RECOVERING, i / CALLS_PER_EPOCH, 9_000));
      }
      callOnce(i, counts);
    }
    return counts;
  }

  private Map<Long, Counts> callWhile(AtomicBoolean calling) {
    Map<Long, Counts> counts = new TreeMap<>();
    for (int i = 0; calling.get(); i++) {
      callOnce(i, counts);
    }
    return counts;
  }

  private void callOnce(int i, Map<Long, Counts> counts) {
    Admission admission = gate.admit();
    if (admission instanceof Permit permit) {
      counts.merge(permit.epoch(), finish(permit, i), Counts::plus);
    } else if (admission instanceof Refusal refusal) {
      counts.merge(refusal.epoch(), new Counts(0, 0, 1), Counts::plus);
    }
  }

  private static Counts finish(Permit permit, int i) {
    switch (i % 5) {
      case 0 -> {
        permit.cancelled();
        return new Counts(0, 0, 0);
      }
      case 1 -> {
        permit.failure("Error" + i % 3, ThreadLocalRandom.current().nextLong(1, 1L << 35));
        return new Counts(1, 1, 0);
      }
      default -> {
        permit.success(ThreadLocalRandom.current().nextLong(1, 1L << 35));
        return new Counts(1, 0, 0);
      }
    }
  }

  /** Reads as a reporter does, as often as it can. */
  private Map<Long, Counts> read(AtomicBoolean calling) {
    Map<Tally, TallyReport> reports = new LinkedHashMap<>();
    Map<Long, Counts> told = new TreeMap<>();
    boolean last;
    do {
      last = !calling.get();
      Reading now = Reading.now(Clocks.SYSTEM);
      for (Tally tally : gate.tallies()) {
        reports.computeIfAbsent(tally, unseen -> new TallyReport(unseen, now, Sampling.EVERY_CALL));
      }
      reports.values().forEach(each -> tell(each, now, told));
      reports.values().removeIf(this::forgetIfOver);
    } while (!last);
    return told;
  }

  private static void tell(TallyReport report, Reading now, Map<Long, Counts> told) {
    report.read(now);
    if (report.isActive()) {
      Observation seen = report.observe(BREAKER, IDENTITY, 1);
      told.merge(seen.getEpoch(), counts(seen), Counts::plus);
    }
  }

  private boolean forgetIfOver(TallyReport report) {
    if (report.isOver()) {
      gate.forget(report.tally());
      forgotten.release();
    }
    return report.isOver();
  }

  private static Counts counts(Observation seen) {
    long errors = seen.getErrors().values().stream().mapToLong(Long::longValue).sum();
    long measured =
        seen.getLatencyNanos().getZeroCount()
            + seen.getLatencyNanos().getCounts().stream().mapToLong(Long::longValue).sum();
    assertThat(measured).isEqualTo(seen.getCalls());
    assertThat(errors).isLessThanOrEqualTo(seen.getCalls());
    assertThat(seen.getInFlight()).isBetween(0, CALLERS);
    return new Counts(seen.getCalls(), errors, seen.getRefusals());
  }
}
