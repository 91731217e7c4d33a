package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.State;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guarded calls of a breaker that is called so often that a part of them is timed. */
@Timeout(60)
class SampledCallsTest {

  private static final Identity IDENTITY =
      new Identity("checkout", "checkout-1", null, null, null, 1);
  private static final int WANTED = 4_000;
  private static final int QUARTER_MILLIS = 250;

  /** Calls in a quarter of a second: 200,000 a second, of which one in 64 is timed. */
  private static final int MANY = 50_000;

  /** What is expected of these, and six standard deviations to either side. */
  private static final long FEWEST = 615;

  private static final long MOST = 950;

  private final Gate gate = States.gate();
  private final CountingClocks clocks = new CountingClocks();
  private final Map<Tally, TallyReport> reports = new LinkedHashMap<>();
  private long millis;

  @Test
  void whereThereAreFew_everyCallIsTimed() throws Exception {
    GuardedCall<String> guard = guard().build();
    for (int look = 0; look < 10; look++) {
      for (int i = 0; i < WANTED / 4; i++) {
        guard.call(() -> "answer");
      }
      Observation seen = look();

      assertThat(seen.getCalls()).isEqualTo(WANTED / 4);
      assertThat(timed(seen)).isEqualTo(WANTED / 4);
    }
    assertThat(clocks.reads).hasValue(2L * 10 * WANTED / 4);
  }

  @Test
  void whereThereAreMany_allAreCounted_andAPartIsTimed() throws Exception {
    GuardedCall<String> guard = guard().build();
    becomeBusy();
    for (int i = 0; i < MANY; i++) {
      guard.call(() -> "answer");
    }
    Observation seen = look();

    assertThat(seen.getCalls()).isEqualTo(MANY);
    assertThat(timed(seen)).isBetween(FEWEST, MOST);
    assertThat(clocks.reads).hasValue(2L * timed(seen));
    assertThat(seen.getInFlight()).isZero();
    assertThat(seen.getLatencyNanos().getZeroCount()).isZero();
  }

  @Test
  void toJudgeAlone_theBrainIsToldTheSame() throws Exception {
    GuardedCall<String> guard = guard().build();
    becomeBusy();
    call(guard, MANY);
    Observation seen = look();

    var sample =
        requireNonNull(reports.get(gate.tallies().get(0)))
            .sample(Caller.of("checkout", "checkout-1"))
            .orElseThrow();
    assertThat(sample.calls()).isEqualTo(MANY);
    assertThat(sample.timed()).isEqualTo(timed(seen));
  }

  @Test
  void failures_areCountedByTypeExactly_whateverIsTimed() throws Exception {
    GuardedCall<String> guard = guard().fallbackValue("fallback").build();
    becomeBusy();
    for (int i = 0; i < MANY; i++) {
      boolean unreachable = i % 2 == 0;
      guard.call(
          () -> {
            throw unreachable ? new IOException("unreachable") : new IllegalStateException("ill");
          });
    }
    Observation seen = look();

    assertThat(seen.getErrors())
        .isEqualTo(
            Map.of("IOException", (long) MANY / 2, "IllegalStateException", (long) MANY / 2));
    assertThat(timed(seen)).isBetween(FEWEST, MOST);
  }

  @Test
  void asynchronousCalls_likewise() {
    GuardedCall<String> guard = guard().fallbackValue("fallback").build();
    becomeBusy();
    for (int i = 0; i < MANY; i++) {
      boolean fails = i % 2 == 0;
      guard.callAsync(
          () ->
              fails
                  ? CompletableFuture.failedFuture(new IOException("unreachable"))
                  : CompletableFuture.completedFuture("answer"));
    }
    Observation seen = look();

    assertThat(seen.getCalls()).isEqualTo(MANY);
    assertThat(seen.getErrors()).isEqualTo(Map.of("IOException", (long) MANY / 2));
    assertThat(timed(seen)).isBetween(FEWEST, MOST);
    assertThat(clocks.reads).hasValue(2L * timed(seen));
  }

  @Test
  void callsOfTheBreakerAlone_likewise() throws Exception {
    becomeBusy();
    for (int i = 0; i < MANY; i++) {
      gate.guard().call(() -> "answer", why -> "fallback");
    }
    assertPartTimed(look());

    for (int i = 0; i < MANY; i++) {
      gate.guard().callAsync(SampledCallsTest::later, why -> later());
    }
    assertPartTimed(look());
  }

  private static CompletionStage<String> later() {
    return CompletableFuture.completedStage("answer");
  }

  private static void assertPartTimed(Observation seen) {
    assertThat(seen.getCalls()).isEqualTo(MANY);
    assertThat(timed(seen)).isBetween(FEWEST, MOST);
  }

  @Test
  void theDurationsOfWhoeverTimesItself_countAsOftenAsOthers() {
    becomeBusy();
    for (int i = 0; i < MANY; i++) {
      ((Permit) gate.admit()).success(5);
    }
    Observation seen = look();
    assertThat(seen.getCalls()).isEqualTo(MANY);
    assertThat(timed(seen)).isBetween(1L, MANY / 2L);
  }

  @Test
  void aLearnedBulkhead_hearsHowLongEachCallTook() throws Exception {
    AtomicInteger heard = new AtomicInteger();
    GuardedCall<String> guard = guard().bulkhead(hearing(heard)).build();
    becomeBusy();
    for (int i = 0; i < MANY; i++) {
      guard.call(() -> "answer");
    }

    assertThat(heard).hasValue(MANY);
    assertPartTimed(look());
  }

  private static ConcurrencyLimit hearing(AtomicInteger heard) {
    return new ConcurrencyLimit() {
      @Override
      public int calls() {
        return 10;
      }

      @Override
      public void answered(long elapsedNanos, int running) {
        heard.addAndGet(elapsedNanos == 1_000 ? 1 : 0);
      }

      @Override
      public void failed(String errorType, long elapsedNanos, int running) {}
    };
  }

  @Test
  void aRateLimit_knowsTheTime_andACallThatIsNotTimedReadsItOnce() throws Exception {
    RateLimit hundred = new RateLimit(100, Duration.ofHours(1), 100);
    GuardedCall<String> guard = guard().rateLimit(hundred).fallbackValue("refused").build();
    becomeBusy();
    clocks.reads.set(0);
    int answered = 0;
    for (int i = 0; i < 200; i++) {
      answered += guard.call(() -> "answer").equals("answer") ? 1 : 0;
    }

    assertThat(answered).isBetween(87, 100);
    assertThat(clocks.reads.get()).isBetween(200L, 250L);
  }

  @Test
  void aTimeout_isKept_alsoWhereTheCallIsNotTimed() {
    GuardedCall<String> guard = guard().timeout(Duration.ofMillis(1)).build();
    becomeBusy();
    for (int i = 0; i < 20; i++) {
      assertThatThrownBy(() -> guard.call(SampledCallsTest::never))
          .isInstanceOf(TimeoutException.class);
    }
    assertThat(look().getErrors()).isEqualTo(Map.of("TimeoutException", 20L));
  }

  private static String never() throws InterruptedException {
    new CountDownLatch(1).await();
    return "never";
  }

  /** Whoever has set one for somebody else does not make this call read the clock. */
  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void theCallersDeadline_isKept_alsoWhereTheCallIsNotTimed() throws Exception {
    GuardedCall<String> guard = guard().fallbackValue("refused").build();
    becomeBusy();
    Context late = Context.current().with(Deadline.at(1, clocks));
    try (Scope scope = late.makeCurrent()) {
      for (int i = 0; i < 20; i++) {
        assertThat(guard.call(() -> "too late")).isEqualTo("refused");
      }
    }
    clocks.reads.set(0);
    call(guard, 1_000);

    assertThat(clocks.reads.get()).isLessThan(200);
  }

  @Test
  void ofCallsThatALimitRefuses_noneCountsForHowMayAreMade() throws Exception {
    GuardedCall<String> guard = guard().bulkhead(1).fallbackValue("refused").build();
    for (int look = 0; look < 4; look++) {
      guard.call(
          () -> {
            for (int i = 0; i < MANY; i++) {
              guard.call(() -> "one too many");
            }
            return "answer";
          });
      assertThat(timed(look())).isEqualTo(1);
    }
  }

  @Test
  void whenCallsBecomeFew_eachIsTimedAtOnce() throws Exception {
    GuardedCall<String> guard = guard().build();
    becomeBusy();
    look();
    for (int i = 0; i < 100; i++) {
      guard.call(() -> "answer");
    }

    assertThat(timed(look())).isEqualTo(100);
  }

  @Test
  void whenANewEpochBegins_eachCallIsTimed() throws Exception {
    GuardedCall<String> guard = guard().build();
    becomeBusy();
    gate.obey(States.state(State.PROBING, 1, 10_000));
    for (int i = 0; i < 100; i++) {
      guard.call(() -> "probe");
    }

    assertThat(timed(look())).isEqualTo(100);
  }

  @Test
  void drawingWhatIsTimed_allocatesNothing() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    becomeBusy();
    drawAndAnswer(1_000);
    long before = bean.getCurrentThreadAllocatedBytes();
    drawAndAnswer(0);
    long floor = bean.getCurrentThreadAllocatedBytes() - before;

    before = bean.getCurrentThreadAllocatedBytes();
    drawAndAnswer(100_000);
    long allocated = bean.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).isEqualTo(floor);
  }

  private void drawAndAnswer(int calls) {
    for (int i = 0; i < calls; i++) {
      if (gate.admit() instanceof Permit permit) {
        permit.answered(permit.draw(), 1);
      }
    }
  }

  private static void call(GuardedCall<String> guard, int calls) throws Exception {
    for (int i = 0; i < calls; i++) {
      guard.call(() -> "answer");
    }
  }

  /** Threads call, one reads, and how many are timed changes all the time. */
  @Test
  void whileThePartChanges_everyCallIsToldOnce() throws Exception {
    GuardedCall<String> guard = guard().fallbackValue("fallback").build();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      AtomicBoolean calling = new AtomicBoolean(true);
      Future<long[]> told = threads.submit(() -> read(calling));
      List<Future<?>> callers = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        callers.add(threads.submit(() -> answerAndFail(guard)));
      }
      for (Future<?> each : callers) {
        each.get();
      }
      calling.set(false);

      assertThat(told.get()).containsExactly(4L * MANY, 4L * MANY / 5);
    } finally {
      threads.shutdownNow();
    }
  }

  private static Object answerAndFail(GuardedCall<String> guard) throws Exception {
    for (int i = 0; i < MANY; i++) {
      boolean fails = i % 5 == 0;
      guard.call(
          () -> {
            if (fails) {
              throw new IOException("unreachable");
            }
            return "answer";
          });
    }
    return guard;
  }

  /** How many calls, and how many errors, it is told of. */
  private long[] read(AtomicBoolean calling) {
    long[] told = new long[2];
    boolean last;
    int turn = 0;
    do {
      last = !calling.get();
      fit(++turn % 3 == 0 ? 10 : MANY);
      Observation seen = look();
      told[0] += seen.getCalls();
      told[1] += seen.getErrors().values().stream().mapToLong(Long::longValue).sum();
      assertThat(timed(seen)).isLessThanOrEqualTo(seen.getCalls());
    } while (!last);
    return told;
  }

  private GuardedCallBuilder<String> guard() {
    return new GuardedCallBuilder<>(gate, clocks);
  }

  /** As after two looks at many calls. */
  private void becomeBusy() {
    fit(MANY);
    fit(MANY);
  }

  private void fit(int calls) {
    long nanos = Duration.ofMillis(QUARTER_MILLIS).toNanos();
    gate.tallies().forEach(each -> each.sampling().fit(calls, nanos, WANTED));
  }

  /** What the reporter does four times a second; what it tells of the newest epoch. */
  private Observation look() {
    Reading before = new Reading(millis, millis * 1_000_000);
    millis += QUARTER_MILLIS;
    Reading now = new Reading(millis, millis * 1_000_000);
    Tally newest = null;
    for (Tally each : gate.tallies()) {
      reports.computeIfAbsent(each, tally -> new TallyReport(tally, before, WANTED)).read(now);
      newest = each;
    }
    return requireNonNull(reports.get(requireNonNull(newest))).observe(BREAKER, IDENTITY, 1);
  }

  private static long timed(Observation seen) {
    Histogram latency = seen.getLatencyNanos();
    return latency.getZeroCount() + latency.getCounts().stream().mapToLong(Long::longValue).sum();
  }
}
