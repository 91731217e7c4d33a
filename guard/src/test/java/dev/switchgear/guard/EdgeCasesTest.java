package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong in breakers of one process, and must not here. */
@Timeout(60)
class EdgeCasesTest {

  @Test
  void atTheMomentOfProbing_manyThreadsStayWithinTheShare() throws Exception {
    int threads = 16;
    int calls = 20_000;
    Gate gate = States.gate();
    gate.obey(States.open(1));
    CyclicBarrier start = new CyclicBarrier(threads + 1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Integer>> admitted = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        admitted.add(
            pool.submit(
                () -> {
                  start.await();
                  awaitProbing(gate);
                  return admitted(gate, calls);
                }));
      }
      start.await();
      gate.obey(States.state(State.PROBING, 2, 100));
      int all = 0;
      for (Future<Integer> each : admitted) {
        all += each.get();
      }

      // 1 in 100 of 320,000: 3,200, standard deviation 57; ten of them are never exceeded.
      assertThat(all).isBetween(3_200 - 10 * 57, 3_200 + 10 * 57);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Calls until one of them meets Probing. Those before it are refused by Open. */
  private static void awaitProbing(Gate gate) {
    Admission met = gate.admit();
    while (met instanceof Refusal refusal && refusal.epoch() == 1 && !Thread.interrupted()) {
      met = gate.admit();
    }
    assertThat(met instanceof Permit permit ? permit.epoch() : ((Refusal) met).epoch())
        .isEqualTo(2);
  }

  @Test
  void aProbeThatNeverCompletes_holdsUpNobody() {
    try (TestGear test = TestGear.of("checkout")) {
      Guard guard = test.gear().guard(BREAKER);
      test.publish(States.state(State.PROBING, 1, 200));
      int tries = 1;
      while (tries < 10_000 && guard.admit() instanceof Refusal) {
        tries++;
      }

      // 1 in 50 of 50,000: 1,000, standard deviation 31; ten of them are never exceeded.
      int soon = answered(guard, 50_000);
      assertThat(soon).isBetween(1_000 - 10 * 31, 1_000 + 10 * 31);
      test.pass(Duration.ofMinutes(2));
      int later = answered(guard, 50_000);
      assertThat(later).isBetween(1_000 - 10 * 31, 1_000 + 10 * 31);

      assertThat(test.seen(BREAKER))
          .isEqualTo(
              new TestGear.Seen(soon + later, Map.of(), tries - 1 + 100_000 - soon - later, 1));
      test.closed(BREAKER);
      assertThat(guard.admit()).isInstanceOf(Permit.class);
    }
  }

  @Test
  void aLateSuccessOfAnOlderEpoch_isToldOfThatEpochAndClosesNothing() {
    try (TestGear test = TestGear.of("checkout")) {
      Guard guard = test.gear().guard(BREAKER);
      Permit late = (Permit) guard.admit();
      test.open(BREAKER);
      late.success(1_000);
      test.pass(Duration.ofSeconds(5));

      assertThat(late.epoch()).isZero();
      assertThat(guard.admit()).isInstanceOf(Refusal.class);
    }
  }

  @Test
  void anotherTimeoutOfTheSameEpoch_isObeyedAndLosesNoCounts() {
    try (TestGear test = TestGear.of("checkout")) {
      Guard guard = test.gear().guard(BREAKER);
      test.publish(States.closed(5));
      Permit before = (Permit) guard.admit();
      before.success(1_000);

      test.publish(States.unbuilt(State.CLOSED, 5, 10_000).setRecommendedTimeoutMillis(70).build());

      assertThat(guard.admit()).isSameAs(before);
      assertThat(test.seen(BREAKER).calls()).isEqualTo(1);
      assertThat(test.gear().board().state(BREAKER).orElseThrow().getRecommendedTimeoutMillis())
          .isEqualTo(70);
    }
  }

  @Test
  void aGuardBuiltAnewWithOtherLimits_goesOnWithItsBreakersCounts() throws Exception {
    try (TestGear test = TestGear.of("checkout")) {
      test.publish(States.closed(5));
      GuardedCall<String> before = test.gear().guard(BREAKER, String.class).bulkhead(4).build();
      before.call(() -> "answer");
      Permit running = (Permit) before.admit();

      GuardedCall<String> after = test.gear().guard(BREAKER, String.class).bulkhead(8).build();
      List<Permit> wider = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        wider.add((Permit) after.admit());
      }
      assertThat(after.admit()).isInstanceOf(Refusal.class);
      assertThat(test.seen(BREAKER)).isEqualTo(new TestGear.Seen(1, Map.of(), 0, 9));

      wider.forEach(permit -> permit.success(1_000));
      running.failure("IOException", 1_000);

      Map<String, Long> failed = Map.of("IOException", 1L);
      assertThat(test.seen(BREAKER)).isEqualTo(new TestGear.Seen(10, failed, 0, 0));
      assertThat(test.gear().counts()).containsExactly(new CallCounts(BREAKER, 10, 1, 0));
      assertThat(running.epoch()).isEqualTo(5);
      assertThat(wider).extracting(Permit::epoch).containsOnly(5L);
    }
  }

  @Test
  void recursion_ofOneGuardWithOneSlot_isRefusedInsteadOfHangingForEver() throws Exception {
    try (TestGear test = TestGear.of("checkout")) {
      GuardedCall<String> guard =
          test.gear().guard(BREAKER, String.class).bulkhead(1).fallbackValue("refused").build();

      assertThat(guard.call(() -> "outer, inner " + guard.call(() -> "answered")))
          .isEqualTo("outer, inner refused");
    }
  }

  @Test
  void recursion_inAPoolOfOneThread_isMadeOnThatThreadInsteadOfWaitingForIt() throws Exception {
    try (TestGear test = TestGear.of("checkout")) {
      CallPool pool = test.gear().pool("one", 1, 1);
      GuardedCall<String> guard =
          test.gear().guard(BREAKER, String.class).pool(pool).fallbackValue("refused").build();

      assertThat(guard.call(() -> "outer, inner " + guard.call(() -> "answered")))
          .isEqualTo("outer, inner answered");
      Pools.awaitIdle(pool);
      assertThat(guard.call(() -> guard.call(() -> guard.call(() -> "one too many"))))
          .isEqualTo("refused");
      Pools.awaitIdle(pool);
    }
  }

  @Test
  void closedDuringCalls_theyEndAndGuardsGoOn() throws Exception {
    TestGear test = TestGear.of("checkout");
    GuardedCall<String> guard =
        test.gear()
            .guard(BREAKER, String.class)
            .timeout(Duration.ofMinutes(1))
            .pool(2, 0)
            .fallbackValue("fallback")
            .build();
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try {
      Future<String> call =
          caller.submit(
              () ->
                  guard.call(
                      () -> {
                        running.countDown();
                        end.await();
                        return "answer";
                      }));
      running.await();
      test.open("search");
      test.close();
      test.close();
      end.countDown();

      assertThat(call.get()).isEqualTo("answer");
      assertThat(guard.call(() -> "later")).isEqualTo("later");
      assertThat(test.gear().guard("search").admit()).isInstanceOf(Refusal.class);
      assertThat(test.gear().health().live()).isFalse();
    } finally {
      caller.shutdownNow();
    }
  }

  @Test
  void tenThousandNames_idleOnesMakeRoom_andGoOnWhenTheyAreCalledAgain() {
    try (TestGear test = TestGear.of("checkout")) {
      Guard early = test.gear().guard("dependency-0");
      test.open("dependency-0");
      for (int i = 1; i < 10_000; i++) {
        test.gear().guard("dependency-" + i);
      }
      assertThatThrownBy(() -> test.gear().guard("one-more"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("at most 10000");

      Guard busy = test.gear().guard("dependency-7");
      test.passAtOnce(Duration.ofMinutes(5));
      ((Permit) busy.admit()).success(1_000);
      test.passAtOnce(Duration.ofMinutes(6));
      test.gear().guard("one-more");

      assertThat(test.gear().health().beliefs())
          .extracting(Health.Belief::breaker)
          .containsExactlyInAnyOrder("dependency-7", "one-more");
      assertThat(early.state()).isEmpty();
      assertThat(early.admit()).isInstanceOf(Refusal.class);
      assertThat(early.state()).isPresent();
      test.closed("dependency-0");
      assertThat(early.admit()).isInstanceOfSatisfying(Permit.class, p -> p.success(1_000));
      assertThat(test.seen("dependency-0").calls()).isEqualTo(1);
      assertThat(test.gear().guard("dependency-0")).isSameAs(early);
    }
  }

  @Test
  void moreNamesThanTenThousand_whichAreCalledAgainLater_makeRoomToo() {
    try (TestGear test = TestGear.of("checkout")) {
      Guard early = test.gear().guard("early-0");
      for (int i = 1; i < 10_000; i++) {
        test.gear().guard("early-" + i);
      }
      test.passAtOnce(Duration.ofMinutes(11));
      for (int i = 0; i < 10_000; i++) {
        test.gear().guard("late-" + i);
      }
      test.passAtOnce(Duration.ofMinutes(11));

      assertThat(early.admit()).isInstanceOfSatisfying(Permit.class, Permit::cancelled);

      assertThat(test.gear().health().beliefs())
          .extracting(Health.Belief::breaker)
          .containsExactly("early-0");
    }
  }

  @Test
  void aStateThatThisVersionDoesNotKnow_isRefusedAndCounted() throws IOException {
    Records records = new Records(fingerprint -> FutureStates.SCHEMA);
    BreakerState read =
        records
            .deserializer(BreakerState.class)
            .deserialize("", FutureStates.of(BREAKER, "MELTING", 2));

    try (TestGear test = TestGear.of("checkout")) {
      test.publish(States.closed(1));
      test.publish(read);

      assertThat(read.getState()).isEqualTo(State.UNKNOWN);
      assertThat(test.gear().guard(BREAKER).admit()).isInstanceOf(Permit.class);
      assertThat(test.gear().board().refused()).isEqualTo(1);
    }
  }

  @Test
  void aSchemaThatNobodyHasPublished_isNoState() throws IOException {
    byte[] bytes = FutureStates.of(BREAKER, "OPEN", 2);
    var deserializer = Records.builtInOnly().deserializer(BreakerState.class);

    assertThatThrownBy(() -> deserializer.deserialize("", bytes))
        .isInstanceOf(SerializationException.class);
  }

  @Test
  void absurdTimes_areRefusedAndCounted() {
    try (TestGear test = TestGear.of("checkout")) {
      test.publish(States.unbuilt(State.OPEN, 1, 0).setStaleAfterMillis(-1).build());
      test.publish(States.unbuilt(State.OPEN, 2, 0).setStaleAfterMillis(3_600_001).build());
      test.publish(States.unbuilt(State.OPEN, 3, 0).setRecommendedTimeoutMillis(0).build());

      assertThat(test.gear().guard(BREAKER).admit()).isInstanceOf(Permit.class);
      assertThat(test.gear().board().refused()).isEqualTo(3);
    }
  }

  /** Answers those of so many calls that are admitted, and says how many that are. */
  private static int answered(Guard guard, int calls) {
    int answered = 0;
    for (int i = 0; i < calls; i++) {
      if (guard.admit() instanceof Permit permit) {
        permit.success(1_000);
        answered++;
      }
    }
    return answered;
  }

  private static int admitted(Gate gate, int calls) {
    int admitted = 0;
    for (int i = 0; i < calls; i++) {
      admitted += gate.admit() instanceof Permit ? 1 : 0;
    }
    return admitted;
  }
}
