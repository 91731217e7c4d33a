package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A virtual thread that waits within a monitor keeps its carrier from all others. */
@Timeout(30)
class MonitorsTest {

  private static final String NONE = "[[], []]";

  private final TestGear test = TestGear.of("checkout");
  private final long caller = Thread.currentThread().getId();

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void aMonitor_isSeen() {
    synchronized (test) {
      assertThat(held()).contains(TestGear.class.getName());
    }
    assertThat(held()).isEqualTo(NONE);
  }

  @Test
  void aGuard_holdsNoneAroundCallAndFallback() throws Exception {
    Guard guard = test.gear().guard(BREAKER);

    assertThat(guard.call(this::held, why -> "refused")).isEqualTo(NONE);
    assertThat(guard.call(MonitorsTest::fail, why -> held())).isEqualTo(NONE);
    assertThat(guard.callAsync(this::heldLater, why -> CompletableFuture.completedStage("refused")))
        .isCompletedWithValue(NONE);
  }

  @Test
  void aGuardWithEveryLimit_holdsNoneAroundCallAndFallback() throws Exception {
    GuardedCall<String> guard = limited().build();

    assertThat(guard.call(this::held)).isEqualTo(NONE);
    assertThat(guard.call(MonitorsTest::fail, why -> held())).isEqualTo(NONE);
    assertThat(guard.callAsync(this::heldLater)).isCompletedWithValue(NONE);
  }

  @Test
  void aFurtherAttempt_isMadeWithoutAny() throws Exception {
    List<String> attempts = new ArrayList<>();
    GuardedCall<String> guard =
        limited().idempotent().retry(new Retry(2, 1, Duration.ZERO)).build();

    guard.call(
        () -> {
          attempts.add(held());
          return attempts.size() == 1 ? fail() : "answer";
        });

    assertThat(attempts).containsExactly(NONE, NONE);
  }

  @Test
  void inAPool_neitherWhoCallsNorWhoWaitsHoldsAny() throws Exception {
    GuardedCall<String> guard = limited().pool(1, 1).build();

    assertThat(guard.call(this::held)).isEqualTo(NONE);
    assertThat(guard.call(() -> guard.call(this::held))).isEqualTo(NONE);
  }

  private GuardedCallBuilder<String> limited() {
    Switchgear gear = test.gear();
    RateLimit rate = RateLimit.perSecond(100);
    return gear.guard(BREAKER, String.class)
        .rateLimit(rate)
        .rateLimit(gear.clientRateLimiter("clients", rate, 10), () -> "anna")
        .fleetRateLimit(gear.fleetRateLimiter(BREAKER, rate))
        .bulkhead(4)
        .timeout(Duration.ofMinutes(1));
  }

  private static String fail() throws IOException {
    throw new IOException();
  }

  private CompletableFuture<String> heldLater() {
    return CompletableFuture.completedFuture(held());
  }

  /** The monitors that this thread and the test's hold; that one's once it waits for this one. */
  private String held() {
    Thread current = Thread.currentThread();
    ThreadInfo[] both = look(caller, current.getId());
    while (current.getId() != caller
        && both[0].getThreadState() != Thread.State.TIMED_WAITING
        && !current.isInterrupted()) {
      both = look(caller, current.getId());
    }
    return Stream.of(both).map(each -> List.of(each.getLockedMonitors())).toList().toString();
  }

  private static ThreadInfo[] look(long... threads) {
    return ManagementFactory.getThreadMXBean().getThreadInfo(threads, true, true);
  }
}
