package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SlotsTest {

  private static final int SIZE = 3;
  private static final int TRIES = 200_000;

  /** So many that each stripe is that of an owner and of others. */
  private static final int THREADS = 2 * Stripe.COUNT;

  private final Slots slots = new Slots(SIZE);
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  /** Of threads of earlier tests, which have ended. */
  @BeforeEach
  void disown() {
    Stripe.disown();
  }

  @AfterEach
  void endThreads() throws InterruptedException {
    threads.shutdownNow();
    assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
  }

  private record Use(boolean owner, int taken, int mostInUse) {}

  @Test
  void ownersAndOthersThatTakeAndGiveBack_neverHaveMoreThanThereAre_andLoseNone() throws Exception {
    AtomicInteger inUse = new AtomicInteger();
    List<Future<Use>> all = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      all.add(threads.submit(() -> use(slots, inUse)));
    }
    List<Use> uses = new ArrayList<>();
    for (Future<Use> each : all) {
      uses.add(each.get());
    }

    assertThat(uses).allSatisfy(each -> assertThat(each.mostInUse()).isLessThanOrEqualTo(SIZE));
    assertThat(uses).anyMatch(each -> each.owner() && each.taken() > 0);
    assertThat(uses).anyMatch(each -> !each.owner() && each.taken() > 0);
    assertThat(slots.taken()).isZero();
    assertThat(takeAll()).isEqualTo(SIZE);
  }

  private static Use use(Slots slots, AtomicInteger inUse) {
    int taken = 0;
    int most = 0;
    Stripe.own(Stripe.mine());
    for (int i = 0; i < TRIES; i++) {
      if (slots.take()) {
        taken++;
        most = Math.max(most, inUse.incrementAndGet());
        inUse.decrementAndGet();
        slots.giveBack();
      }
    }
    return new Use(Stripe.isOwned(Stripe.mine()), taken, most);
  }

  /** Also to the owner that comes after one that has ended. */
  @Test
  void whatAnOwnerGivesBack_isThereForEverybody() throws Exception {
    int owners = 0;
    for (int i = 0; i < 4 * THREADS; i++) {
      ExecutorService one = Executors.newSingleThreadExecutor();
      owners += one.submit(ownerThatTakesAllAndGivesItBack()).get() ? 1 : 0;
      one.shutdown();
      assertThat(one.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

      assertThat(slots.taken()).isZero();
      assertThat(takeAll()).isEqualTo(SIZE);
      assertThat(slots.taken()).isEqualTo(SIZE);
      giveAllBack();
    }
    assertThat(owners).isGreaterThan(THREADS);
  }

  private Callable<Boolean> ownerThatTakesAllAndGivesItBack() {
    return () -> {
      Stripe.own(Stripe.mine());
      assertThat(takeAll()).isEqualTo(SIZE);
      giveAllBack();
      return Stripe.isOwned(Stripe.mine());
    };
  }

  /** However often a slot is taken and given back while somebody counts. */
  @Test
  void howManyAreTaken_isToldRightWhileAnOwnerTakesAndGivesBack() throws Exception {
    Slots oneEach = new Slots(Stripe.COUNT);
    boolean owned = false;
    for (int i = 0; i < THREADS; i++) {
      Future<Use> use = threads.submit(() -> use(oneEach, new AtomicInteger()));
      while (!use.isDone()) {
        assertThat(oneEach.taken()).isBetween(0, 1);
      }
      owned |= use.get().owner();
    }
    assertThat(owned).isTrue();
  }

  private int takeAll() {
    int taken = 0;
    while (slots.take()) {
      taken++;
    }
    return taken;
  }

  private void giveAllBack() {
    for (int i = 0; i < SIZE; i++) {
      slots.giveBack();
    }
  }
}
