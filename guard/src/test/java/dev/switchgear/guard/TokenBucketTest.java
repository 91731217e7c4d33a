package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

  private final HandClocks clocks = new HandClocks();

  @Test
  void theBurstAtOnce_thenAsManyAsTheRateGives() {
    TokenBucket bucket = TokenBucket.ofClient(RateLimit.perSecond(10), clocks);
    assertThat(taken(bucket, 100)).isEqualTo(10);

    clocks.pass(Duration.ofMillis(100).minusNanos(1));
    assertThat(taken(bucket, 100)).isZero();
    clocks.pass(Duration.ofNanos(1));
    assertThat(taken(bucket, 100)).isEqualTo(1);
    clocks.pass(Duration.ofMillis(900));
    assertThat(taken(bucket, 100)).isEqualTo(9);
    clocks.pass(Duration.ofSeconds(99));
    assertThat(taken(bucket, 100)).isEqualTo(10);
  }

  @Test
  void shared_neverGivesMoreThanTheLimit_andNearlyAllOfIt() {
    TokenBucket bucket = TokenBucket.shared(RateLimit.perSecond(100_000), clocks);

    assertThat(taken(bucket, 200_000)).isBetween(87_500, 100_000);
    clocks.pass(Duration.ofMillis(500));
    assertThat(taken(bucket, 200_000)).isBetween(43_750, 50_000);
  }

  @Test
  void shared_readsTheClockOnlyForSeveralTokensAtOnce() {
    var counting = new CountingClocks();
    TokenBucket bucket = TokenBucket.shared(RateLimit.perSecond(100_000), counting);
    counting.reads.set(0);

    assertThat(taken(bucket, 6_400)).isEqualTo(6_400);

    assertThat(counting.reads).hasValue(100);
  }

  @Test
  void shared_byManyThreads_neverGivesMoreThanTheLimit() throws InterruptedException {
    TokenBucket bucket = TokenBucket.shared(RateLimit.perSecond(100_000), clocks);
    AtomicLong taken = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(new Thread(() -> taken.addAndGet(taken(bucket, 50_000))));
    }
    threads.forEach(Thread::start);
    for (Thread each : threads) {
      each.join();
    }

    assertThat(taken.get()).isBetween(87_500L, 100_000L);
  }

  @Test
  void givenBack_isThereAgain() {
    TokenBucket bucket = TokenBucket.shared(RateLimit.perSecond(2), clocks);
    assertThat(taken(bucket, 10)).isEqualTo(2);

    bucket.giveBack();

    assertThat(taken(bucket, 10)).isEqualTo(1);
  }

  @Test
  void aLimitThatCannotBe_isRefused() {
    assertThatThrownBy(() -> RateLimit.perSecond(0))
        .hasMessage("calls: 0 (expected: 1..1000000000)");
    assertThatThrownBy(() -> new RateLimit(1, Duration.ofDays(1), 8))
        .hasMessageContaining("burst: 8")
        .hasMessageContaining("within a week");
  }

  private static int taken(TokenBucket bucket, int tries) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += bucket.take() ? 1 : 0;
    }
    return taken;
  }
}
