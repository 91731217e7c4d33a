package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Observations that are repeated, reordered, late, absurd, or from another day. */
class SendersTest {

  private static final long DAY = 86_400_000;

  @Test
  void aRepeatedNumberIsSeenOnce_alsoAfterARestart() {
    Machine machine = new Machine();
    assertThat(machine.breaker.firstSeen("a", 1, 7)).isTrue();
    assertThat(machine.breaker.firstSeen("a", 1, 7)).isFalse();
    machine.restart();
    assertThat(machine.breaker.firstSeen("a", 1, 7)).isFalse();
    assertThat(machine.breaker.firstSeen("a", 1, 6)).isTrue();
    assertThat(machine.breaker.firstSeen("b", 1, 7)).isTrue();
  }

  @Test
  void aRestartedSenderCountsAnew_andItsOldIncarnationIsOver() {
    Breaker breaker = new Machine().breaker;
    breaker.firstSeen("a", 1, 7);
    assertThat(breaker.firstSeen("a", 2, 7)).isTrue();
    assertThat(breaker.firstSeen("a", 1, 8)).isFalse();
  }

  @Test
  void ofTooManySendersTheOneSilentLongestIsForgotten() {
    Breaker breaker = new Machine().breaker;
    for (int i = 0; i < Breaker.MAX_SENDERS; i++) {
      breaker.firstSeen("s" + i, 1, 1);
    }
    breaker.firstSeen("s0", 1, 2);
    breaker.firstSeen("one more", 1, 1);
    assertThat(breaker.snapshot().senders()).hasSize(Breaker.MAX_SENDERS);
    assertThat(breaker.firstSeen("s0", 1, 2)).isFalse();
    assertThat(breaker.firstSeen("s1", 1, 1)).isTrue();
  }

  @Test
  void aSenderWhoseClockIsADayBehindIsLate_andMovesNothing() {
    Machine machine = new Machine();
    for (int i = 0; i < 100; i++) {
      machine.now += 250;
      assertThat(machine.observeAsSent(Samples.bad(25).endingAt(machine.now - DAY))).isTrue();
    }
    assertThat(machine.transitions).isEmpty();
    assertThat(machine.breaker.snapshot().errorSums()).allMatch(sum -> sum.strength() == 0);
  }

  @Test
  void aSenderWhoseClockIsADayAheadCountsAsOfNow_andLeavesNothingBehindForTomorrow() {
    Machine machine = new Machine();
    for (int i = 0; i < 4; i++) {
      machine.now += 250;
      machine.observeAsSent(Samples.bad(25).ofEpoch(0).endingAt(machine.now + DAY));
    }
    assertThat(machine.state()).isInstanceOf(Open.class);
    assertThat(machine.breaker.snapshot().slices())
        .allMatch(slice -> slice.index() <= machine.now / 1_000);
  }

  @Test
  void aSampleThatTookSixSecondsToArriveStillCounts() {
    Machine machine = new Machine();
    for (int i = 0; i < 4; i++) {
      machine.now += 250;
      machine.observeAsSent(Samples.bad(25).endingAt(machine.now - 6_000));
    }
    assertThat(machine.state()).isInstanceOf(Open.class);
    assertThat(machine.transitions.get(0).totals().errors()).isPositive();
  }

  @Test
  void aMinuteOfCallsInOneSampleIsSpreadOverThatMinute() {
    Machine machine = Machine.open();
    machine.now += 120_000;
    machine.observeAsSent(
        new Samples(machine.now - 60_000, machine.now, 1, 0, 0, 6_000, 1_000_000));
    machine.tick();
    assertThat(machine.state().admittedShare()).isEqualTo(500);
  }

  @Test
  void reorderedSamplesGiveTheSameEvidenceWhereNothingIsForgotten() {
    Machine inOrder = new Machine();
    Machine reversed = new Machine();
    inOrder.now += 10_000;
    reversed.now += 10_000;
    for (int i = 0; i < 8; i++) {
      inOrder.observeAsSent(Samples.bad(1).endingAt(inOrder.now - 5_000 + i * 250L));
      reversed.observeAsSent(Samples.bad(1).endingAt(reversed.now - 5_000 + (7 - i) * 250L));
    }
    assertThat(Kept.of(reversed.breaker).subList(0, 7))
        .isEqualTo(Kept.of(inOrder.breaker).subList(0, 7));
  }

  @Test
  void absurdNumbersAreRefused() {
    assertRefused(sample(-1, 0, Map.of(), 0), "calls: -1 (expected: 0..10000000)");
    assertRefused(sample(10_000_001, 0, Map.of(), 0), "calls: 10000001 (expected: 0..10000000)");
    assertRefused(sample(1, Long.MIN_VALUE, Map.of(), 0), "refusals: -9223372036854775808");
    assertRefused(sample(1, 0, Map.of("x", 2L), 0), "errors: {x=2}", "at most calls 1");
    assertRefused(sample(1, 0, Map.of("x", -1L), 0), "errors: {x=-1}");
    assertRefused(
        sample(2, 0, Map.of("x", Long.MAX_VALUE, "y", Long.MAX_VALUE), 0), "at most calls 2");
    assertRefused(sample(1, 0, Map.of(), 2), "latencyNanos.count: 2 (expected: 0..1)");
  }

  @Test
  void absurdTimesAndEpochsAreRefused() {
    assertThatThrownBy(() -> sample(5, 5, 0))
        .hasMessage("toMillis: 5 (expected: 1..3600000 after fromMillis 5)");
    assertThatThrownBy(() -> sample(0, DAY, 0)).hasMessageStartingWith("toMillis: 86400000");
    assertThatThrownBy(() -> sample(Long.MIN_VALUE, Long.MAX_VALUE, 0))
        .hasMessageStartingWith("toMillis: ");
    assertThatThrownBy(() -> sample(0, 1, -2)).hasMessage("epoch: -2 (expected: at least -1)");
  }

  @Test
  void timesAtTheEndsOfTimeAreOnlyLateOrNow() {
    Machine machine = new Machine();
    long first = Long.MIN_VALUE;
    long last = Long.MAX_VALUE;
    assertThat(machine.breaker.observe(sample(first, first + 1, 0), machine.now).late()).isTrue();
    assertThat(machine.breaker.observe(sample(last - 1, last, 0), machine.now).late()).isFalse();
  }

  @Test
  void namesFromAHostileSenderAreBounded() {
    Machine machine = new Machine();
    for (int i = 0; i < 1_000; i++) {
      machine.now += 10;
      Map<String, Long> errors = Map.of("error" + i, 1L, "e".repeat(10_000) + i, 1L);
      machine.observe("caller" + i, errors, List.of("t" + i, "x".repeat(10_000)));
    }
    var opened = machine.transitions.get(0).details();
    assertThat(opened.errors()).hasSizeLessThanOrEqualTo(17).containsKey("*");
    assertThat(opened.callsByService()).hasSizeLessThanOrEqualTo(17);
    assertThat(opened.errors().keySet()).allMatch(name -> name.length() <= 200);
    assertThat(opened.exemplars()).hasSizeLessThanOrEqualTo(4).allMatch(id -> id.length() <= 64);
  }

  private interface Sample {
    CallSample build();
  }

  private static void assertRefused(Sample sample, String... parts) {
    assertThatThrownBy(sample::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts);
  }

  private static Sample sample(long calls, long refusals, Map<String, Long> errors, long timed) {
    ExponentialHistogram latency = ExponentialHistogram.empty();
    latency.record(1e6, timed);
    return () -> new CallSample("a", "a-1", 0, 1, 0, calls, errors, refusals, latency, List.of());
  }

  private static CallSample sample(long from, long to, long epoch) {
    return new CallSample(
        "a", "a-1", from, to, epoch, 1, Map.of(), 0, ExponentialHistogram.empty(), List.of());
  }
}
