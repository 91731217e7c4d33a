package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StripeTest {

  private static final int OFTEN = 10_000;

  /** So many that each stripe is that of some. */
  private static final int THREADS = 4 * Stripe.COUNT;

  private final long[] counts = Stripe.counts();

  /** Those of other tests. */
  @BeforeEach
  void disownThreadsThatHaveEnded() {
    Stripe.disown();
  }

  @Test
  void whoeverCountsOften_mayOwnTheStripe_butOnlyOneAtATime_andAsLongAsItLives() throws Exception {
    List<Integer> owned = ownedByThreadsThatCount();

    assertThat(owned).isNotEmpty().doesNotHaveDuplicates();
    assertThat(Stripe.sum(counts, 0)).isEqualTo((long) OFTEN * THREADS);
  }

  @Test
  void theStripeOfAThreadThatHasEnded_goesToAnother_whoseCountsAreAddedToIts() throws Exception {
    Set<Integer> first = new HashSet<>(ownedByThreadsThatCount());
    Stripe.disown();
    Set<Integer> then = new HashSet<>(ownedByThreadsThatCount());

    assertThat(then).containsAll(first);
    assertThat(Stripe.sum(counts, 0)).isEqualTo(2L * OFTEN * THREADS);
  }

  @Test
  void threadsThatComeAndGoWhileOthersCount_loseNoCount() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 20 * THREADS; i++) {
      Thread thread = new Thread(this::count);
      thread.start();
      threads.add(thread);
      Stripe.disown();
    }
    for (Thread each : threads) {
      each.join();
    }

    assertThat(Stripe.sum(counts, 0)).isEqualTo((long) OFTEN * threads.size());
  }

  @Test
  void kinds_areCountedApart() {
    Stripe.increment(counts, 7);
    count();

    assertThat(Stripe.sum(counts, 7)).isEqualTo(1);
    assertThat(Stripe.sum(counts, 0)).isEqualTo(OFTEN);
  }

  /** In front lies the array's length, which everybody reads, and behind whatever is made next. */
  @Test
  void whatIsCounted_lies128BytesFromBothEndsOfTheArray() throws Exception {
    int apart = 128 / Long.BYTES;
    ownedByThreadsThatCount();

    assertThat(Arrays.copyOf(counts, apart)).containsOnly(0);
    assertThat(Arrays.copyOfRange(counts, counts.length - apart, counts.length)).containsOnly(0);
  }

  /** The stripes that were owned by one of many threads while all of them lived. */
  private List<Integer> ownedByThreadsThatCount() throws InterruptedException {
    CyclicBarrier allCounted = new CyclicBarrier(THREADS);
    List<Integer> owned = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(new Thread(() -> countAndTell(allCounted, owned)));
    }
    threads.forEach(Thread::start);
    for (Thread each : threads) {
      each.join();
    }
    return owned;
  }

  private void countAndTell(CyclicBarrier allCounted, List<Integer> owned) {
    count();
    try {
      allCounted.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
    Stripe.disown();
    if (Stripe.isOwned(Stripe.mine())) {
      owned.add(Stripe.mine());
    }
  }

  private void count() {
    for (int i = 0; i < OFTEN; i++) {
      Stripe.increment(counts, 0);
    }
  }
}
