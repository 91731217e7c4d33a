package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.testing.Eventually;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class GuardedCallTest {

  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Gate gate = States.gate();
  private final HandClocks clocks = new HandClocks();

  @AfterEach
  void nothingIsLeftBehind() {
    assertThat(Thread.interrupted()).isFalse();
    assertThat(running()).isZero();
  }

  @Test
  void answered_givesTheAnswerAndCountsIt() throws Exception {
    assertThat(guard().build().call(() -> "answer")).isEqualTo("answer");

    assertThat(answered()).isEqualTo(1);
  }

  @Test
  void withoutFallback_aRefusalIsThrownWithoutAStack() {
    gate.obey(States.open(3));

    assertThatThrownBy(() -> guard().build().call(() -> "answer"))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.refusal().epoch()).isEqualTo(3);
              assertThat(refused.getStackTrace()).isEmpty();
            })
        .hasMessageContaining("refused by breaker: half of the calls fail");
  }

  @Test
  void refusedByAGuardWithin_isNeitherAFailureNorMadeAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    Refusal within = new Refusal(Stage.BULKHEAD, "stock", 1, "full", SHORT, List.of(), null);
    Retry often = new Retry(3, 1, Duration.ZERO);

    String answer =
        guard()
            .idempotent()
            .retry(often)
            .fallbackValue("fallback")
            .build()
            .call(
                () -> {
                  calls.incrementAndGet();
                  throw new RefusedException(within);
                });

    assertThat(answer).isEqualTo("fallback");
    assertThat(calls).hasValue(1);
    assertThat(answered() + failed()).isZero();
  }

  @Test
  void whatTookTooLongAndWasRefusedInTheEnd_isAFailure() {
    Refusal within = new Refusal(Stage.DEADLINE, "stock", 1, "late", SHORT, List.of(), null);

    assertThatThrownBy(
            () ->
                guard()
                    .timeout(SHORT)
                    .build()
                    .call(
                        () -> {
                          awaitInterrupt();
                          throw new RefusedException(within);
                        }))
        .isInstanceOf(TimeoutException.class);

    assertThat(failed()).isEqualTo(1);
  }

  private static void awaitInterrupt() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      // The time is over.
    }
  }

  @Test
  void theLimitsOfAnother_areKeptTogether() throws Exception {
    GuardedCall<String> first =
        guard().bulkhead(1).rateLimit(RateLimit.perSecond(2)).fallbackValue("refused").build();
    GuardedCall<String> second = guard().limitsOf(first).fallbackValue("refused").build();

    assertThat(first.call(() -> second.call(() -> "too many"))).isEqualTo("refused");
    assertThat(second.call(() -> "answer")).isEqualTo("answer");
    assertThat(first.call(() -> "over the rate")).isEqualTo("refused");
  }

  @Test
  void breakerAdmitsButBulkheadRefuses_nothingLeaks() throws Exception {
    gate.obey(States.state(State.PROBING, 1, 10_000));
    RateLimiter rate = new RateLimiter("rate", RateLimit.perSecond(3), clocks);
    Bulkhead bulkhead = Bulkhead.of("narrow", 1, 0, 0);
    GuardedCall<String> guard =
        guard().rateLimit(rate).bulkhead(bulkhead).fallback(GuardedCallTest::stage).build();

    guard.call(
        () -> {
          for (int i = 0; i < 100; i++) {
            assertThat(guard.call(() -> "too many")).isEqualTo("bulkhead of epoch 1");
          }
          return "answer";
        });

    assertThat(bulkhead.running()).isZero();
    assertThat(rate.refuse()).isEmpty();
    assertThat(rate.refuse()).isEmpty();
    assertThat(rate.refuse()).isPresent();
    assertThat(answered()).isEqualTo(1);
    assertThat(tally().turnstile().refused()).isZero();
  }

  @Test
  void overTheRate_isRefusedWithTheQuota() throws Exception {
    GuardedCall<String> guard =
        guard()
            .rateLimit(RateLimit.perSecond(1))
            .bulkhead(5)
            .fallback(GuardedCallTest::stage)
            .build();

    assertThat(guard.call(() -> "answer")).isEqualTo("answer");
    assertThat(guard.call(() -> "answer")).isEqualTo("rate-limit of epoch 0");
    clocks.pass(Duration.ofSeconds(1));
    assertThat(guard.call(() -> "answer")).isEqualTo("answer");
  }

  @Test
  void overTheClientsRate_givesBackTheCommonOne() throws Exception {
    var clients = new ClientRateLimiter("clients", RateLimit.perSecond(1), 10, clocks);
    RateLimiter rate = new RateLimiter("rate", RateLimit.perSecond(2), clocks);
    GuardedCall<String> guard =
        guard()
            .rateLimit(rate)
            .rateLimit(clients, () -> "anna")
            .fallback(GuardedCallTest::stage)
            .build();

    assertThat(guard.call(() -> "answer")).isEqualTo("answer");
    assertThat(guard.call(() -> "answer")).isEqualTo("rate-limit of epoch 0");
    assertThat(rate.refuse()).isEmpty();
  }

  @Test
  void criticalAndOtherCalls_cannotStarveEachOther() {
    Bulkhead bulkhead = Bulkhead.of("shared", 4, 1, 1);
    GuardedCall<String> critical = guard().bulkhead(bulkhead).critical().build();
    GuardedCall<String> other = guard().bulkhead(bulkhead).build();

    List<Permit> flood = admitted(other, 10);
    assertThat(flood).hasSize(3);
    List<Permit> urgent = admitted(critical, 10);
    assertThat(urgent).hasSize(1);

    flood.forEach(Permit::cancelled);
    List<Permit> more = admitted(critical, 10);
    assertThat(more).hasSize(2);
    List<Permit> back = admitted(other, 10);
    assertThat(back).hasSize(1);
    List.of(urgent, more, back).forEach(all -> all.forEach(Permit::cancelled));
    assertThat(bulkhead.running()).isZero();
  }

  @Test
  void byManyThreads_neverMoreRunThanTheBulkheadHolds() throws Exception {
    GuardedCall<Integer> guard = guard(Integer.class).bulkhead(5).fallbackValue(-1).build();
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    var threads = Executors.newFixedThreadPool(16);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int t = 0; t < 16; t++) {
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 5_000; i++) {
                    guard.call(
                        () -> {
                          most.accumulateAndGet(now.incrementAndGet(), Math::max);
                          return now.decrementAndGet();
                        });
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(most.get()).isBetween(1, 5);
    assertThat(admitted(guard, 10)).hasSize(5).allSatisfy(Permit::cancelled);
  }

  @Test
  void composed_admittingAndRefusing_allocatesNothing() {
    GuardedCall<String> guard =
        guard().bulkhead(1).rateLimit(RateLimit.perSecond(1_000_000)).build();
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    admitAndRefuse(guard, 1_000);
    long before = bean.getCurrentThreadAllocatedBytes();
    admitAndRefuse(guard, 0);
    long floor = bean.getCurrentThreadAllocatedBytes() - before;

    before = bean.getCurrentThreadAllocatedBytes();
    admitAndRefuse(guard, 10_000);

    assertThat(bean.getCurrentThreadAllocatedBytes() - before).isEqualTo(floor);
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void callsMadeByHand_areToldTheEarlierDeadline() {
    assertThat(guard().build().deadline()).isEmpty();

    GuardedCall<String> guard = guard().timeout(Duration.ofSeconds(2)).build();
    try (Scope far = Deadline.at(clocks.nanos() + LONG.toNanos(), clocks).makeCurrent()) {
      assertThat(guard.deadline().map(Deadline::remaining)).contains(Duration.ofSeconds(2));
    }
    try (Scope near = Deadline.at(clocks.nanos() + SHORT.toNanos(), clocks).makeCurrent()) {
      assertThat(guard.deadline().map(Deadline::remaining)).contains(SHORT);
    }
  }

  @Test
  void furtherCallsOfAdmittedWork_areNotDrawnAgain() {
    GuardedCall<String> guard = guard().bulkhead(2).build();
    gate.obey(States.state(State.PROBING, 1, 1));

    List<Admission> further = List.of(guard.admitFurther(), guard.admitFurther());
    assertThat(further).allMatch(each -> each instanceof Permit);
    assertThat(guard.admitFurther()).isInstanceOf(Refusal.class);
    further.forEach(each -> ((Permit) each).cancelled());

    gate.obey(States.open(2));
    assertThat(guard.admitFurther()).isInstanceOf(Refusal.class);
  }

  @Test
  void aFailureByHand_isNamedByWhatReallyFailed() {
    Permit permit = (Permit) gate.admit();

    permit.failure(new ExecutionException(new IOException("down")), 1);

    Map<String, Long> types = new HashMap<>();
    tally().moveFailedTo(new long[LatencyIndex.SLOTS], types::put);
    seenFailed++;
    assertThat(types).containsEntry("IOException", 1L);
  }

  @Test
  void madeByHand_aFailureIsCountedByTheGuardsOpinion() {
    GuardedCall<String> guard =
        guard().errorTypes(e -> e instanceof IOException ? "down" : null).build();

    assertThat(guard.failed((Permit) guard.admit(), new IOException(), 1))
        .map(Failure::errorType)
        .contains("down");
    assertThat(guard.failed((Permit) guard.admit(), new IllegalStateException(), 1)).isEmpty();

    assertThat(failed()).isEqualTo(1);
    assertThat(answered()).isEqualTo(1);
  }

  @Test
  void madeByHand_aFailedCallIsMadeAgainWhileAttemptsAndTimeAreLeft() {
    Retry retry = new Retry(3, 1, Duration.ofMillis(8));
    GuardedCall<String> guard = guard().idempotent().retry(retry).build();
    Failure failed = new Failure(BREAKER, "IOException", new IOException());
    Refusal within = new Refusal(Stage.BULKHEAD, "stock", 1, "full", SHORT, List.of(), null);
    Failure refused = new Failure(BREAKER, "RefusedException", new RefusedException(within));

    assertThat(guard.backOff(1, failed, null).orElseThrow())
        .isBetween(Duration.ofMillis(4), Duration.ofMillis(8));
    assertThat(guard.backOff(2, failed, deadlineIn(LONG)).orElseThrow())
        .isBetween(Duration.ofMillis(8), Duration.ofMillis(16));
    assertThat(guard.backOff(3, failed, null)).isEmpty();
    assertThat(guard.backOff(1, failed, deadlineIn(Duration.ofMillis(3)))).isEmpty();
    assertThat(guard.backOff(1, refused, null)).isEmpty();
    assertThat(guard().build().backOff(1, failed, null)).isEmpty();
  }

  @Test
  void backOffs_areHalfToAllOfTheirLength_andSeldomTheSame() {
    GuardedCall<String> guard =
        guard().idempotent().retry(new Retry(10, 1, Duration.ofSeconds(1))).build();
    Failure failed = new Failure(BREAKER, "IOException", new IOException());

    for (int attempt = 1; attempt < 10; attempt++) {
      long full = Math.min(1_000_000_000L << (attempt - 1), LONG.toNanos());
      int failing = attempt;
      long[] waits =
          LongStream.generate(() -> guard.backOff(failing, failed, null).orElseThrow().toNanos())
              .limit(1_000)
              .toArray();

      // Evenly spread: the mean is known to half a hundredth, the least and the most are near.
      LongSummaryStatistics all = LongStream.of(waits).summaryStatistics();
      assertThat(all.getMin()).isBetween(full / 2, full / 2 + full / 20);
      assertThat(all.getMax()).isBetween(full - full / 20, full);
      assertThat(all.getAverage() / full).isBetween(0.7, 0.8);
      assertThat(LongStream.of(waits).distinct().count()).isGreaterThan(990);
    }
    assertThat(guard.backOff(10, failed, null)).isEmpty();
  }

  private Deadline deadlineIn(Duration left) {
    return Deadline.at(clocks.nanos() + left.toNanos(), clocks);
  }

  @Test
  void madeByHand_anotherAttemptIsWithinBudgetLimitsAndBreaker() {
    GuardedCall<String> guard =
        guard().idempotent().retry(new Retry(3, 0.5, SHORT)).bulkhead(1).build();
    ((Permit) guard.admit()).cancelled();
    assertThat(guard.admitAgain()).isEmpty();

    for (int i = 0; i < 3; i++) {
      ((Permit) guard.admit()).cancelled();
    }
    Permit permit = (Permit) guard.admitAgain().orElseThrow();
    assertThat(guard.admit()).isInstanceOf(Refusal.class);
    assertThat(guard.admitAgain().orElseThrow()).isInstanceOf(Refusal.class);
    permit.cancelled();

    for (int i = 0; i < 10; i++) {
      ((Permit) guard.admit()).cancelled();
    }
    gate.obey(States.open(1));
    assertThat(guard.admitAgain()).isEmpty();
  }

  @Test
  void timeout_interruptsTheCallAndLeavesNoInterruptBehind() throws Exception {
    GuardedCall<String> guard = guard().timeout(SHORT).fallback(GuardedCallTest::cause).build();

    assertThat(guard.call(() -> forever())).isEqualTo("TimeoutException");

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(failed()).isEqualTo(1);
  }

  @Test
  void timeout_anAnswerInSpiteOfIt_isAnAnswer() throws Exception {
    GuardedCall<String> guard = guard().timeout(SHORT).fallbackValue("too late").build();

    String answer =
        guard.call(
            () -> {
              try {
                return forever();
              } catch (InterruptedException e) {
                return "answer";
              }
            });

    assertThat(answer).isEqualTo("answer");
    assertThat(answered()).isEqualTo(1);
  }

  @Test
  void timeout_swallowedAndSetAgain_isNotLeftBehind() throws Exception {
    GuardedCall<String> outer = guard().timeout(SHORT).fallback(GuardedCallTest::cause).build();
    GuardedCall<String> inner = guard().timeout(LONG).build();

    assertThat(outer.call(() -> inner.call(() -> forever()))).isEqualTo("TimeoutException");

    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void interruptedByOthers_isCancelledAndStaysInterrupted() {
    GuardedCall<String> guard = guard().timeout(LONG).bulkhead(1).fallbackValue("no").build();

    assertThatThrownBy(
            () ->
                guard.call(
                    () -> {
                      Thread.currentThread().interrupt();
                      return forever();
                    }))
        .isInstanceOf(InterruptedException.class);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(answered() + failed()).isZero();
  }

  @Test
  void anError_isCountedGivesItsSlotBackAndGoesToTheCaller() {
    GuardedCall<String> guard = guard().timeout(LONG).bulkhead(1).fallbackValue("no").build();

    assertThatThrownBy(
            () ->
                guard.call(
                    () -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOf(StackOverflowError.class);

    assertThat(failed()).isEqualTo(1);
    assertThat(admitted(guard, 5)).hasSize(1).allSatisfy(Permit::cancelled);
  }

  @Test
  void nested_neverWaitsLongerThanItsCallerHasLeft() throws Exception {
    GuardedCall<Duration> outer = guard(Duration.class).timeout(Duration.ofSeconds(20)).build();
    GuardedCall<Duration> inner = guard(Duration.class).timeout(LONG).build();

    Duration left =
        outer.call(
            () -> {
              clocks.pass(Duration.ofSeconds(15));
              return inner.call(() -> Deadline.current().orElseThrow().remaining());
            });

    assertThat(left).isEqualTo(Duration.ofSeconds(5));
    assertThat(Deadline.current()).isEmpty();
  }

  @Test
  void noTimeLeft_isRefusedAndCallsNobody() throws Exception {
    GuardedCall<String> outer = guard().timeout(Duration.ofSeconds(20)).build();
    GuardedCall<String> inner = guard().bulkhead(1).fallback(GuardedCallTest::stage).build();

    String answer =
        outer.call(
            () -> {
              clocks.pass(Duration.ofSeconds(20));
              return inner.call(() -> "called");
            });

    assertThat(answer).isEqualTo("deadline of epoch 0");
    assertThat(admitted(inner, 5)).hasSize(1).allSatisfy(Permit::cancelled);
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void aReceivedDeadline_isObeyedAndPassedOn() throws Exception {
    try (Scope scope = Deadline.received("1500").makeCurrent()) {
      String header = guard().build().call(() -> Deadline.current().orElseThrow().headerValue());
      assertThat(Long.parseLong(header)).isBetween(0L, 1_500L);
    }
    assertThat(Deadline.received("-5").remaining()).isGreaterThan(Duration.ofHours(23));
    assertThat(Deadline.received(null).remaining()).isGreaterThan(Duration.ofHours(23));
    Context early = Deadline.in(SHORT).storeInContext(Context.root());
    assertThat(Deadline.in(LONG).storeInContext(early)).isSameAs(early);
  }

  @Test
  void recommendedTimeout_isTheFleetsOnceThereIsOne() throws Exception {
    GuardedCall<Duration> guard = guard(Duration.class).recommendedTimeout(LONG).build();
    assertThat(guard.call(() -> Deadline.current().orElseThrow().remaining())).isEqualTo(LONG);

    gate.obey(States.unbuilt(State.CLOSED, 1, 10_000).setRecommendedTimeoutMillis(7_000).build());

    assertThat(guard.call(() -> Deadline.current().orElseThrow().remaining()))
        .isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void fallbacks_areAskedInTurnUntilOneAnswers() throws Exception {
    gate.obey(States.open(3));
    Fallback<String> broken =
        why -> {
          throw new IOException("no cache");
        };
    GuardedCall<String> guard =
        guard().fallback(broken.or(broken.named("cache")).or(Fallback.value("popular"))).build();

    assertThat(guard.call(() -> "answer")).isEqualTo("popular");
    assertThat(guard.call(() -> "answer", why -> "of this request")).isEqualTo("of this request");
    assertThatThrownBy(() -> guard.call(() -> "answer", broken)).hasMessage("no cache");
  }

  @Test
  void retry_onlyForCallsThatMayBeMadeTwice() {
    assertThatThrownBy(() -> guard().retry(Retry.ONCE).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("idempotent");
  }

  @Test
  void retry_isMadeWithinItsShareOfCalls() throws Exception {
    GuardedCall<String> guard = retrying(0.1);
    AtomicInteger calls = new AtomicInteger();
    for (int i = 0; i < 1_000; i++) {
      guard.call(() -> fail(calls));
    }

    assertThat(calls.get()).isBetween(1_095, 1_100);
  }

  @Test
  void retry_afterDaysOfHealth_isStillBounded() throws Exception {
    GuardedCall<String> guard = retrying(0.5);
    AtomicInteger calls = new AtomicInteger();
    for (int i = 0; i < 100_000; i++) {
      guard.call(() -> "answer");
    }
    for (int i = 0; i < 1_000; i++) {
      guard.call(() -> fail(calls));
    }

    assertThat(calls.get()).isBetween(1_590, 1_600);
  }

  @Test
  void retry_neverIntoABreakerThatHasOpened() throws Exception {
    GuardedCall<String> guard = retrying(1);
    AtomicInteger calls = new AtomicInteger();

    String answer =
        guard.call(
            () -> {
              gate.obey(States.open(1));
              return fail(calls);
            });

    assertThat(answer).isEqualTo("IOException");
    assertThat(calls.get()).isEqualTo(1);
  }

  @Test
  void pool_whoWaitsTooLongGoesOn_andTheSlotComesBackWhenTheCallEnds() throws Exception {
    CallPool pool = new CallPool("slow", 1, 0);
    GuardedCall<String> guard =
        guard().pool(pool).timeout(SHORT).fallback(GuardedCallTest::causeOrStage).build();
    CountDownLatch end = new CountDownLatch(1);

    assertThat(guard.call(() -> deafUntil(end))).isEqualTo("TimeoutException");
    assertThat(guard.call(() -> "answer")).isEqualTo("bulkhead of epoch 0");

    end.countDown();
    Pools.awaitIdle(pool);
    assertThat(guard.call(() -> Thread.currentThread().getName())).startsWith("switchgear-slow-");
  }

  @Test
  void pool_theCallersContextGoesAlong() throws Exception {
    GuardedCall<Boolean> guard = guard(Boolean.class).pool(2, 2).timeout(LONG).build();

    assertThat(guard.call(() -> Deadline.current().isPresent())).isTrue();
    assertThatThrownBy(
            () ->
                guard.call(
                    () -> {
                      throw new IOException("from the pool");
                    }))
        .hasMessage("from the pool");
    assertThatThrownBy(guard::admit).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void async_inTime_isAnswered() {
    GuardedCall<String> guard = guard().timeout(LONG).bulkhead(1).build();
    CompletableFuture<String> call = new CompletableFuture<>();
    CompletableFuture<String> answer = guard.callAsync(() -> call).toCompletableFuture();
    assertThat(guard.admit()).isInstanceOf(Refusal.class);

    call.complete("answer");

    assertThat(answer.join()).isEqualTo("answer");
    assertThat(admitted(guard, 5)).hasSize(1).allSatisfy(Permit::cancelled);
  }

  @Test
  void async_aProbeThatNeverCompletes_holdsNothingForLong() {
    GuardedCall<String> guard =
        guard().timeout(SHORT).bulkhead(1).fallback(GuardedCallTest::cause).build();
    CompletableFuture<String> never = new CompletableFuture<>();

    assertThat(guard.callAsync(() -> never).toCompletableFuture().join())
        .isEqualTo("TimeoutException");

    assertThat(never).isCancelled();
    assertThat(admitted(guard, 5)).hasSize(1).allSatisfy(Permit::cancelled);
  }

  @Test
  void async_whoseCancellingFails_isNotWaitedForEither() {
    CompletableFuture<String> stubborn =
        new CompletableFuture<>() {
          @Override
          public boolean cancel(boolean mayInterrupt) {
            throw new IllegalStateException("as the test wants it");
          }
        };
    GuardedCall<String> guard = guard().timeout(SHORT).fallbackValue("too late").build();

    assertThat(guard.callAsync(() -> stubborn).toCompletableFuture())
        .succeedsWithin(LONG)
        .isEqualTo("too late");
  }

  @Test
  void async_timeouts_goOnOnFewThreads_ifNothingBlocks() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    GuardedCall<String> guard =
        guard()
            .timeout(SHORT)
            .fallback(
                why -> {
                  threads.add(Thread.currentThread());
                  return "too late";
                })
            .build();

    for (int i = 0; i < 20; i++) {
      guard.callAsync(CompletableFuture::new).toCompletableFuture().join();
    }

    assertThat(threads).hasSizeBetween(1, 10);
  }

  @Test
  void async_whenThereIsNoThreadToGoOn_isNotWaitedForEither() {
    Course<String> course = guard().timeout(SHORT).fallbackValue("too late").build().course();
    AsyncCalls<String> calls =
        new AsyncCalls<>(
            course,
            task -> {
              throw new OutOfMemoryError("unable to create native thread");
            });

    assertThat(calls.call(CompletableFuture::new, course.fallback()).toCompletableFuture())
        .succeedsWithin(LONG)
        .isEqualTo("too late");
  }

  /** However many there are. */
  @Test
  void async_fallbacksThatBlock_holdUpNoTimeoutOfAnotherGuard() {
    CountDownLatch other = new CountDownLatch(1);
    GuardedCall<String> blocking =
        guard()
            .timeout(SHORT)
            .fallback(
                why -> {
                  other.await();
                  return "blocked";
                })
            .build();
    GuardedCall<String> guard =
        guard()
            .timeout(SHORT.multipliedBy(2))
            .fallback(
                why -> {
                  other.countDown();
                  return "freed";
                })
            .build();

    var sooner =
        Stream.generate(() -> blocking.callAsync(CompletableFuture::new).toCompletableFuture())
            .limit(100)
            .toList();
    var later = guard.callAsync(CompletableFuture::new).toCompletableFuture();

    assertThat(later).succeedsWithin(LONG).isEqualTo("freed");
    assertThat(sooner).allSatisfy(each -> assertThat(each.join()).isEqualTo("blocked"));
  }

  @Test
  void whoCannotTellTheClient_takesNothing() {
    var clients = new ClientRateLimiter("clients", RateLimit.perSecond(1), 10, clocks);
    RateLimiter rate = new RateLimiter("rate", RateLimit.perSecond(1), clocks);
    GuardedCall<String> guard =
        guard()
            .rateLimit(rate)
            .rateLimit(
                clients,
                () -> {
                  throw new IllegalStateException("nobody");
                })
            .build();

    assertThatThrownBy(() -> guard.call(() -> "answer")).hasMessage("nobody");

    assertThat(rate.refuse()).isEmpty();
  }

  @Test
  void refusedByABulkhead_givesBackWhatEachRateHadTaken_alsoOfThoseWhoShareOne() throws Exception {
    RateLimiter rate = new RateLimiter("rate", RateLimit.perMinute(1), clocks);
    var clients = new ClientRateLimiter("clients", RateLimit.perMinute(1), 1, clocks);
    assertThat(clients.refuse("anna")).isEmpty();
    Bulkhead bulkhead = Bulkhead.of("bulkhead", 1, 0, 0);
    Permit running = (Permit) guard().bulkhead(bulkhead).build().admit();
    GuardedCall<String> guard =
        guard()
            .rateLimit(rate)
            .rateLimit(clients, () -> "bob, who shares a limit with all but anna")
            .bulkhead(bulkhead)
            .fallbackValue("refused")
            .build();

    assertThat(guard.call(() -> "answer")).isEqualTo("refused");

    running.cancelled();
    assertThat(guard.call(() -> "answer")).isEqualTo("answer");
    assertThat(guard.call(() -> "answer")).isEqualTo("refused");
  }

  @Test
  void whoCannotTellTheClientAgain_leavesNoCallRunning() throws Exception {
    var clients = new ClientRateLimiter("clients", RateLimit.perSecond(5), 10, clocks);
    var fleet = new FleetRateLimiter("fleet", RateLimit.perSecond(1), clocks);
    Iterator<String> names = List.of("anna", "bob").iterator();
    GuardedCall<String> guard =
        guard().rateLimit(clients, names::next).fleetRateLimit(fleet).build();
    guard.call(() -> "answer");

    assertThatThrownBy(() -> guard.call(() -> "one too many"))
        .isInstanceOf(NoSuchElementException.class);
  }

  /** To find out who the client is may take long: that is not the dependency's slowness. */
  @ParameterizedTest
  @MethodSource("ways")
  void whatALimitAsksFor_isNotPartOfTheDuration(Way way) throws Exception {
    var clients = new ClientRateLimiter("clients", RateLimit.perSecond(1), 10, clocks);
    Supplier<String> slow =
        () -> {
          clocks.pass(LONG);
          return "anna";
        };
    way.call(guard().rateLimit(clients, slow).build(), () -> "answer");

    long[] bySlot = new long[LatencyIndex.SLOTS];
    tally().moveAnsweredTo(bySlot);
    seenAnswered++;
    assertThat(bySlot[LatencyIndex.slot(0)] + bySlot[LatencyIndex.slot(1)]).isEqualTo(1);
  }

  @Test
  void async_thatGivesNoStage_failsAndGivesItsSlotBack() {
    GuardedCall<String> guard = guard().bulkhead(1).fallback(GuardedCallTest::cause).build();

    assertThat(guard.callAsync(() -> null).toCompletableFuture().join())
        .isEqualTo("NullPointerException");
    assertThat(failed()).isEqualTo(1);
    assertThat(admitted(guard, 5)).hasSize(1).allSatisfy(Permit::cancelled);
  }

  @Test
  void async_cancelledByTheCaller_cancelsTheCall() {
    GuardedCall<String> guard = guard().bulkhead(1).fallbackValue("no").build();
    CompletableFuture<String> call = new CompletableFuture<>();
    CompletableFuture<String> answer = guard.callAsync(() -> call).toCompletableFuture();

    answer.cancel(true);

    assertThat(call).isCancelled();
    assertThatThrownBy(answer::join).isInstanceOf(CancellationException.class);
    assertThat(answered() + failed()).isZero();
    assertThat(admitted(guard, 5)).hasSize(1).allSatisfy(Permit::cancelled);
  }

  @Test
  void async_retry_isMadeLater() throws ExecutionException, InterruptedException {
    GuardedCall<String> guard = retrying(1);

    assertMadeTwice(guard);
  }

  private static void assertMadeTwice(GuardedCall<String> guard)
      throws ExecutionException, InterruptedException {
    AtomicInteger calls = new AtomicInteger();

    String answer =
        guard
            .callAsync(
                () ->
                    calls.incrementAndGet() == 1
                        ? CompletableFuture.failedStage(new IOException())
                        : CompletableFuture.completedStage("answer"))
            .toCompletableFuture()
            .get();

    assertThat(answer).isEqualTo("answer");
    assertThat(calls.get()).isEqualTo(2);
  }

  @Test
  void async_retry_isOfTheSameClientAndTier_onWhateverThread() throws Exception {
    Thread caller = Thread.currentThread();
    Supplier<String> anna =
        () -> {
          assertThat(Thread.currentThread()).isSameAs(caller);
          return "anna";
        };
    var clients = new ClientRateLimiter("clients", RateLimit.perMinute(2), 10, clocks);
    var fleet = new FleetRateLimiter("fleet", RateLimit.perMinute(3), clocks);
    GuardedCall<String> guard =
        guard()
            .idempotent()
            .retry(new Retry(2, 1, Duration.ZERO))
            .rateLimit(clients, anna)
            .fleetRateLimit(fleet, anna)
            .build();

    assertMadeTwice(guard);
    assertThat(clients.refuse("anna")).isPresent();
    assertThat(clients.refuse("bob")).isEmpty();
  }

  /** Else a client who is refused would cost more than one who is not. */
  @Test
  void async_refusedByALimitThatAsks_getsARefusalThatWasMadeBefore() {
    var clients = new ClientRateLimiter("clients", RateLimit.perMinute(1), 10, clocks);
    Set<Unavailable> refusals = Collections.newSetFromMap(new IdentityHashMap<>());
    GuardedCall<String> guard =
        guard()
            .rateLimit(clients, () -> "anna")
            .fallback(
                why -> {
                  refusals.add(why);
                  return "refused";
                })
            .build();

    for (int i = 0; i < 10_000; i++) {
      guard.callAsync(() -> CompletableFuture.completedStage("answer"));
    }

    assertThat(refusals).hasSizeLessThan(1_000);
  }

  @Test
  void async_whoCannotTellTheClient_isNotCalledAndLeavesNothing() {
    var clients = new ClientRateLimiter("clients", RateLimit.perSecond(1), 10, clocks);
    GuardedCall<String> guard =
        guard()
            .bulkhead(1)
            .rateLimit(
                clients,
                () -> {
                  throw new IllegalStateException("nobody");
                })
            .build();

    assertThatThrownBy(() -> guard.callAsync(CompletableFuture::new)).hasMessage("nobody");
  }

  @Test
  void async_cancelledWhileItWaitsToTryAgain_isNotTriedAgain() {
    Retry later = new Retry(2, 1, SHORT);
    GuardedCall<String> guard = guard().idempotent().retry(later).build();
    AtomicInteger calls = new AtomicInteger();
    CompletableFuture<String> answer =
        guard
            .callAsync(
                () -> {
                  calls.incrementAndGet();
                  return CompletableFuture.failedStage(new IOException());
                })
            .toCompletableFuture();

    answer.cancel(true);

    assertThat(new CompletableFuture<>().completeOnTimeout(1, 5 * SHORT.toMillis(), MILLISECONDS))
        .succeedsWithin(LONG);
    assertThat(calls).hasValue(1);
  }

  @Test
  void async_cancelledInALaterAttempt_cancelsThatOne() throws Exception {
    GuardedCall<String> guard = retrying(1);
    CompletableFuture<String> second = new CompletableFuture<>();
    CountDownLatch triedAgain = new CountDownLatch(2);
    CompletableFuture<String> answer =
        guard
            .callAsync(
                () -> {
                  triedAgain.countDown();
                  return triedAgain.getCount() == 1
                      ? CompletableFuture.failedStage(new IOException())
                      : second;
                })
            .toCompletableFuture();
    triedAgain.await();

    answer.cancel(true);

    assertThat(second).failsWithin(LONG).withThrowableOfType(CancellationException.class);
    assertThat(failed()).isEqualTo(1);
    Eventually.holds("given back, by another thread", () -> running() == 0);
  }

  @Test
  void critical_whereNoSlotsAreKept_isRefused() {
    assertThatThrownBy(() -> guard().bulkhead(3).critical().build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("keeps slots for critical calls");
  }

  private interface Way {
    void call(GuardedCall<String> guard, Callable<String> call) throws Exception;
  }

  /** Once each, and what is admitted further or again not at all: else there were more retries. */
  @ParameterizedTest
  @MethodSource("ways")
  void ofRetries_eachCallEarnsItsShareOnce(Way way) throws Exception {
    GuardedCall<String> guard = retrying(0.1);
    for (int i = 1; i < 10; i++) {
      way.call(guard, () -> "answer");
      ((Permit) guard.admitFurther()).cancelled();
      assertThat(guard.admitAgain()).as("after %d calls", i).isEmpty();
    }
    way.call(guard, () -> "answer");

    ((Permit) guard.admitAgain().orElseThrow()).cancelled();
    assertThat(guard.admitAgain()).isEmpty();
  }

  /** Else there would be most retries where limits refuse most calls. */
  @Test
  void ofRetries_aCallThatALimitRefusesEarnsNothing() throws Exception {
    GuardedCall<String> guard =
        guard()
            .idempotent()
            .retry(new Retry(2, 0.1, Duration.ZERO))
            .rateLimit(new RateLimiter("rate", RateLimit.perMinute(1), clocks))
            .fallbackValue("refused")
            .build();
    assertThat(guard.call(() -> "answer")).isEqualTo("answer");

    for (int i = 0; i < 10; i++) {
      assertThat(guard.call(() -> "answer")).isEqualTo("refused");
      assertThat(guard.callAsync(CompletableFuture::new)).isCompletedWithValue("refused");
      assertThat(guard.admit()).isInstanceOf(Refusal.class);
    }

    assertThat(guard.admitAgain()).isEmpty();
  }

  static Stream<Way> ways() {
    return Stream.of(
        GuardedCall::call,
        (guard, call) -> guard.call(call, Fallback.value("none")),
        (guard, call) -> guard.callAsync(() -> CompletableFuture.completedStage("answer")),
        (guard, call) -> ((Permit) guard.admit()).success(1));
  }

  private GuardedCallBuilder<String> guard() {
    return guard(String.class);
  }

  private <T> GuardedCallBuilder<T> guard(Class<T> answer) {
    assertThat(answer).isNotNull();
    return new GuardedCallBuilder<>(gate, clocks);
  }

  private GuardedCall<String> retrying(double share) {
    return guard()
        .idempotent()
        .retry(new Retry(2, share, Duration.ZERO))
        .fallback(GuardedCallTest::cause)
        .build();
  }

  private static String fail(AtomicInteger calls) throws IOException {
    calls.incrementAndGet();
    throw new IOException();
  }

  private static String forever() throws InterruptedException {
    new CountDownLatch(1).await();
    return "never";
  }

  private static String deafUntil(CountDownLatch end) {
    boolean ended = false;
    while (!ended) {
      try {
        ended = end.await(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        ended = false; // Deaf.
      }
    }
    return "ended";
  }

  private static String stage(Unavailable why) {
    return why instanceof Refusal refusal
        ? refusal.stage() + " of epoch " + refusal.epoch()
        : "failed";
  }

  private static String cause(Unavailable why) {
    return why instanceof Failure failure ? failure.errorType() : "refused";
  }

  private static String causeOrStage(Unavailable why) {
    return why instanceof Failure ? cause(why) : stage(why);
  }

  private static List<Permit> admitted(GuardedCall<?> guard, int tries) {
    List<Permit> permits = new ArrayList<>();
    for (int i = 0; i < tries; i++) {
      if (guard.admit() instanceof Permit permit) {
        permits.add(permit);
      }
    }
    return permits;
  }

  private static void admitAndRefuse(GuardedCall<?> guard, int calls) {
    for (int i = 1; i <= calls; i++) {
      Admission first = guard.admit();
      guard.admit();
      if (first instanceof Permit permit) {
        permit.success(i);
      }
    }
  }

  private Tally tally() {
    List<Tally> tallies = gate.tallies();
    return tallies.get(tallies.size() - 1);
  }

  private long answered() {
    long[] counts = new long[LatencyIndex.SLOTS];
    tally().moveAnsweredTo(counts);
    return seenAnswered += Arrays.stream(counts).sum();
  }

  private long failed() {
    long[] counts = new long[LatencyIndex.SLOTS];
    for (Tally each : gate.tallies()) {
      each.moveFailedTo(counts, (type, count) -> {});
    }
    return seenFailed += Arrays.stream(counts).sum();
  }

  private long running() {
    return gate.tallies().stream()
            .mapToLong(each -> each.turnstile().entered() - each.turnstile().cancelled())
            .sum()
        - finished();
  }

  private long finished() {
    long[] counts = new long[LatencyIndex.SLOTS];
    for (Tally each : gate.tallies()) {
      each.moveAnsweredTo(counts);
      each.moveFailedTo(counts, (type, count) -> {});
    }
    return Arrays.stream(counts).sum() + seenAnswered + seenFailed;
  }

  private long seenAnswered;
  private long seenFailed;
}
