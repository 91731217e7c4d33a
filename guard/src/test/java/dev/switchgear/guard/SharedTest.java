package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What guards share by name. */
@Timeout(30)
class SharedTest {

  private final TestGear test = TestGear.of("checkout");
  private final Switchgear gear = test.gear();
  private final ExecutorService callers = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    callers.shutdownNow();
    test.close();
  }

  @Test
  void aPool_isTheSameForTheSameNameAndNumbers() {
    CallPool pool = gear.pool("payments", 8, 16);

    assertThat(gear.pool("payments", 8, 16)).isSameAs(pool);
    assertThat(gear.pool("search", 8, 16)).isNotSameAs(pool);
    assertThat(pool.name()).isEqualTo("payments");
  }

  @Test
  void aPool_isNotAnotherOneUnderItsName() {
    CallPool pool = gear.pool("payments", 8, 16);

    for (int[] other : new int[][] {{9, 16}, {8, 17}, {16, 8}, {12, 12}}) {
      assertThatThrownBy(() -> gear.pool("payments", other[0], other[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("name: \"payments\" with other limits than at first (expected: the same)");
    }
    assertThat(gear.pool("payments", 8, 16)).isSameAs(pool);
  }

  @Test
  void aPool_isOfNumbersThatCanBe() {
    assertThatThrownBy(() -> gear.pool("payments", 0, 16))
        .hasMessage("threads: 0 (expected: 1..10000)");
    assertThatThrownBy(() -> gear.pool("payments", 8, -1))
        .hasMessage("queue: -1 (expected: 0..10000)");
    assertThat(gear.pool("payments", 8, 0)).isNotNull();
  }

  @Test
  void aPool_letsAsManyCallsWaitAsItsQueueHolds_andRefusesOneMore() throws Exception {
    CallPool pool = gear.pool("payments", 1, 2);
    GuardedCall<String> charge = gear.guard(BREAKER, String.class).pool(pool).build();
    GuardedCall<String> refund = gear.guard("payments/refund", String.class).pool(pool).build();
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger made = new AtomicInteger();
    List<Future<String>> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      answers.add(callers.submit(() -> charge.call(() -> answerAfter(end, made))));
    }
    Pools.awaitRunning(pool, 3);

    assertThatThrownBy(() -> refund.call(() -> "one too many"))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refused -> {
              assertThat(refused.refusal().stage()).isEqualTo(Stage.BULKHEAD);
              assertThat(refused.refusal().breaker()).isEqualTo("payments/refund");
              assertThat(refused.refusal().reason()).isEqualTo("3 calls of payments run or wait");
            });
    assertThat(made.get()).isLessThanOrEqualTo(1);

    end.countDown();
    for (Future<String> answer : answers) {
      assertThat(answer.get()).isEqualTo("answer");
    }
    Pools.awaitIdle(pool);
    assertThat(made).hasValue(3);
    assertThat(refund.call(() -> "room again")).isEqualTo("room again");
    assertThat(test.seen(BREAKER).calls()).isEqualTo(3);
    assertThat(test.seen("payments/refund").calls()).isEqualTo(1);
  }

  private static String answerAfter(CountDownLatch end, AtomicInteger made)
      throws InterruptedException {
    made.incrementAndGet();
    end.await();
    return "answer";
  }
}
