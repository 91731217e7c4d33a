package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LearnedBulkheadTest {

  private final Told limit = new Told(3);
  private final Bulkhead bulkhead = Bulkhead.of("database", limit);
  private final Gate gate = States.gate();
  private final Limits limits = Limits.of(null, null, null, bulkhead, false);
  private final Deque<Permit> running = new ArrayDeque<>();

  /** A limit that is what it is told to be, and remembers what it hears. */
  private static final class Told implements ConcurrencyLimit {
    private final AtomicInteger calls;
    private final List<String> heard = new ArrayList<>();

    private Told(int calls) {
      this.calls = new AtomicInteger(calls);
    }

    @Override
    public int calls() {
      return calls.get();
    }

    @Override
    public synchronized void answered(long elapsedNanos, int running) {
      heard.add("answered in " + elapsedNanos + " of " + running);
    }

    @Override
    public synchronized void failed(String errorType, long elapsedNanos, int running) {
      heard.add(errorType + " in " + elapsedNanos + " of " + running);
    }
  }

  /** Starts as many calls as it may. */
  private int start() {
    int started = 0;
    while (limits.pass(gate, (Permit) gate.admit()) instanceof Permit permit) {
      running.add(permit);
      started++;
    }
    return started;
  }

  private void end() {
    running.remove().success(5);
  }

  @Test
  void asManyRunAsItSays_andItHearsHowTheyFare() {
    assertThat(start()).isEqualTo(3);
    end();
    running.remove().failure("TimeoutException", 7);
    running.remove().cancelled();

    assertThat(limit.heard).containsExactly("answered in 5 of 3", "TimeoutException in 7 of 2");
    assertThat(bulkhead.running()).isZero();
  }

  @Test
  void whenItSaysMore_moreRunFromTheNextEndOn() {
    start();
    limit.calls.set(5);
    assertThat(start()).isZero();
    end();
    assertThat(start()).isEqualTo(3);
    assertThat(bulkhead.running()).isEqualTo(5);
    assertThat(bulkhead.calls()).isEqualTo(5);
  }

  @Test
  void whenItSaysLess_thoseThatRunEnd_andNoneTakesTheirPlace() {
    start();
    limit.calls.set(1);
    end();
    assertThat(start()).isZero();
    end();
    assertThat(start()).isZero();
    end();
    assertThat(start()).isEqualTo(1);
  }

  @Test
  void whenItSaysLessAndThenMore_nothingIsOwedAnyMore() {
    start();
    limit.calls.set(1);
    end();
    limit.calls.set(4);
    end();
    assertThat(start()).isEqualTo(3);
    assertThat(bulkhead.running()).isEqualTo(4);
  }

  @Test
  void atLeastOneRuns_whateverItSays() {
    limit.calls.set(-7);
    start();
    for (int i = 0; i < 3; i++) {
      end();
    }
    assertThat(start()).isEqualTo(1);
  }

  @Test
  void whatItThrows_leaksNoSlot() {
    Bulkhead broken = Bulkhead.of("database", new Broken());
    Limits through = Limits.of(null, null, null, broken, false);
    Permit permit = (Permit) through.pass(gate, (Permit) gate.admit());

    assertThatThrownBy(() -> permit.success(1)).hasMessage("out of order");
    assertThat(broken.running()).isZero();
  }

  @Test
  void whatItThrows_goesToTheCaller_whoseCallIsCountedOnceAndGivesOneSlotBack() {
    Bulkhead broken = Bulkhead.of("database", new Broken());
    GuardedCall<String> guard =
        new GuardedCallBuilder<String>(gate, new HandClocks())
            .bulkhead(broken)
            .fallbackValue("fallback")
            .build();

    assertThatThrownBy(() -> guard.call(() -> "answer")).hasMessage("out of order");

    assertThat(broken.running()).isZero();
    assertThat(gate.tallies().get(0).answered().moveTo(new long[LatencyIndex.SLOTS])).isEqualTo(1);
  }

  private static final class Broken implements ConcurrencyLimit {
    @Override
    public int calls() {
      return 1;
    }

    @Override
    public void answered(long elapsedNanos, int running) {
      throw new IllegalStateException("out of order");
    }

    @Override
    public void failed(String errorType, long elapsedNanos, int running) {}
  }

  @Test
  void whileManyThreadsCallAndItChangesAllTheTime_noSlotIsMadeOrLost() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int mine = i;
      threads.add(new Thread(() -> callAndChange(mine)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    limit.calls.set(6);
    start();
    end();
    start();
    assertThat(bulkhead.running()).isEqualTo(6);
  }

  private void callAndChange(int mine) {
    for (int i = 0; i < 20_000; i++) {
      limit.calls.set(1 + (i * 7 + mine) % 5);
      if (limits.pass(gate, (Permit) gate.admit()) instanceof Permit permit) {
        permit.success(1);
      }
    }
  }

  @Test
  void aRefusalSaysSo_withoutANumberThatChanges() {
    start();
    Refusal refusal = (Refusal) limits.pass(gate, (Permit) gate.admit());
    assertThat(refusal.reason()).isEqualTo("as many calls of database are running as may");
  }

  @Test
  void aNameHasOneLimit() {
    Shared shared = new Shared(new HandClocks());
    Bulkhead first = shared.bulkhead("database", limit);
    assertThat(shared.bulkhead("database", limit)).isSameAs(first);
    assertThatThrownBy(() -> shared.bulkhead("database", new Told(3)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> shared.bulkhead("database", 3, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
