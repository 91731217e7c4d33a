package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

  private static final long SECOND = 1_000_000_000;

  @Test
  void theBurstAtOnce_thenAsManyAsTheRateGives() {
    TokenBucket bucket = TokenBucket.ofClient(RateLimit.perSecond(10), 0);
    assertThat(taken(bucket, 100, 0)).isEqualTo(10);

    assertThat(taken(bucket, 100, SECOND / 10 - 1)).isZero();
    assertThat(taken(bucket, 100, SECOND / 10)).isEqualTo(1);
    assertThat(taken(bucket, 100, SECOND)).isEqualTo(9);
    assertThat(taken(bucket, 100, 100 * SECOND)).isEqualTo(10);
  }

  @Test
  void shared_neverGivesMoreThanTheLimit_andNearlyAllOfIt() {
    TokenBucket bucket = TokenBucket.shared(RateLimit.perSecond(100_000), 0);

    assertThat(taken(bucket, 200_000, 0)).isBetween(87_500, 100_000);
    assertThat(taken(bucket, 200_000, SECOND / 2)).isBetween(43_750, 50_000);
  }

  @Test
  void shared_byManyThreads_neverGivesMoreThanTheLimit() throws InterruptedException {
    TokenBucket bucket = TokenBucket.shared(RateLimit.perSecond(100_000), 0);
    AtomicLong taken = new AtomicLong();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(new Thread(() -> taken.addAndGet(taken(bucket, 50_000, 0))));
    }
    threads.forEach(Thread::start);
    for (Thread each : threads) {
      each.join();
    }

    assertThat(taken.get()).isBetween(87_500L, 100_000L);
  }

  @Test
  void givenBack_isThereAgain() {
    TokenBucket bucket = TokenBucket.shared(RateLimit.perSecond(2), 0);
    assertThat(taken(bucket, 10, 0)).isEqualTo(2);

    bucket.giveBack();

    assertThat(taken(bucket, 10, 0)).isEqualTo(1);
  }

  @Test
  void aLimitThatCannotBe_isRefused() {
    assertThatThrownBy(() -> RateLimit.perSecond(0))
        .hasMessage("calls: 0 (expected: 1..1000000000)");
    assertThatThrownBy(() -> new RateLimit(1, Duration.ofDays(1), 8))
        .hasMessageContaining("burst: 8")
        .hasMessageContaining("within a week");
  }

  private static int taken(TokenBucket bucket, int tries, long nowNanos) {
    int taken = 0;
    for (int i = 0; i < tries; i++) {
      taken += bucket.take(nowNanos) ? 1 : 0;
    }
    return taken;
  }
}
