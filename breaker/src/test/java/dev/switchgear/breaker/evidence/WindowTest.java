package dev.switchgear.breaker.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WindowTest {

  private static final long NOW = 1_700_000_000_500L;

  private final Window window = new Window();

  @Test
  void demandIsWhatWasWantedOverTheTimeThatIsKnown() {
    assertThat(window.demandPerSecond(NOW)).isZero();
    for (int i = 9; i >= 0; i--) {
      add(window, sample(NOW - i * 1_000L - 250, 250, 3, 2), 0, 0, NOW);
    }
    assertThat(window.demandPerSecond(NOW)).isEqualTo(5);
    assertThat(window.demandPerSecond(NOW + 10_000)).isEqualTo(2.5);
    assertThat(window.demandPerSecond(NOW + 70_000)).isZero();
  }

  @Test
  void totalsCountBackFromNow_theLatestFromTheNewestCall() {
    add(window, sample(NOW - 10_000, 250, 4, 0), 3, 2, NOW);
    add(window, sample(NOW - 2_000, 250, 0, 9), 0, 0, NOW);
    assertThat(window.totals(NOW, 5_000)).isEqualTo(new Window.Totals(0, 0, 0, 9, 0));
    assertThat(window.totals(NOW, 60_000)).isEqualTo(new Window.Totals(4, 3, 2, 9, 0));
    assertThat(window.latest(NOW, 2_000)).isEqualTo(new Window.Totals(4, 3, 2, 0, 0));
    assertThat(window.latest(NOW + 60_000, 2_000)).isEqualTo(new Window.Totals(0, 0, 0, 0, 0));
  }

  @Test
  void oneCallerWhoseClockRunsAheadDoesNotPushTheOthersOut() {
    add(window, sample(NOW - 250, 250, 100, 0), 100, 0, NOW);
    add(window, sample(NOW + 1_900, 50, 1, 0), 0, 0, NOW);
    assertThat(window.latest(NOW, 2_000)).isEqualTo(new Window.Totals(101, 100, 0, 0, 0));
  }

  @Test
  void aLateSampleNeitherErasesNorJoinsANewerOne() {
    add(window, sample(NOW + 1_900, 50, 7, 0), 0, 0, NOW);
    for (int seconds = 0; seconds < 60; seconds++) {
      assertThat(add(window, sample(NOW - seconds * 1_000L - 250, 250, 1, 0), 0, 0, NOW)).isTrue();
    }
    assertThat(window.totals(NOW, 60_000).calls()).isEqualTo(67);
    assertThat(add(window, sample(NOW - 60_500, 250, 1, 0), 0, 0, NOW)).isFalse();
    assertThat(window.totals(NOW, 60_000).calls()).isEqualTo(67);
  }

  @Property(tries = 200)
  void inWhateverOrderSecondsCome_eachIsCounted(
      @ForAll List<@IntRange(max = 59) Integer> secondsAgo, @ForAll @IntRange(max = 60) int last) {
    Window seconds = new Window();
    for (int ago : secondsAgo) {
      add(seconds, sample(NOW - ago * 1_000L, 1, 2, 1), 1, 0, NOW);
    }
    long within = secondsAgo.stream().filter(ago -> ago < last).count();
    assertThat(seconds.totals(NOW, last * 1_000L))
        .isEqualTo(new Window.Totals(2 * within, within, 0, within, 0));
  }

  @Test
  void aLongIntervalIsSpreadEvenly_andLosesNothing() {
    add(window, sample(NOW - 59_000, 59_000, 1_007, 0), 31, 7, NOW);
    assertThat(window.totals(NOW, 60_000)).isEqualTo(new Window.Totals(1_007, 31, 7, 0, 0));
    assertThat(window.totals(NOW, 10_000).calls()).isBetween(160L, 180L);
    assertThat(window.demandPerSecond(NOW)).isBetween(16.5, 17.5);
  }

  @Test
  void anIntervalThatBeganBeforeTheWindowCountsInWhatIsHeld() {
    assertThat(add(window, sample(NOW - 300_000, 300_000, 600, 0), 0, 0, NOW)).isTrue();
    assertThat(window.totals(NOW, 60_000).calls()).isEqualTo(600);
  }

  @Test
  void countsStayAtTheirLimitRatherThanTurnNegative() {
    for (int i = 0; i < 300; i++) {
      add(window, sample(NOW - 250, 250, CallSample.MAX_CALLS, 0), 0, 0, NOW);
    }
    assertThat(window.totals(NOW, 1_000).calls()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void slicesRestoreTheCounts() {
    add(window, sample(NOW - 59_000, 59_000, 1_007, 90), 31, 7, NOW);
    Window other = new Window();
    other.restore(window.slices());
    assertThat(other.slices()).isEqualTo(window.slices());
    assertThat(other.demandPerSecond(NOW)).isEqualTo(window.demandPerSecond(NOW));
  }

  @Test
  void detailsCoverTheLastHalfMinuteAtLeast_andAMinuteAtMost() {
    long halfMinute = NOW / 30_000 * 30_000;
    add(window, sample(halfMinute, 250, 2, 0), 1, 0, halfMinute + 29_999);
    add(window, sample(halfMinute + 29_999, 250, 4, 0), 0, 0, halfMinute + 30_000);
    assertThat(window.details().callsByService()).isEqualTo(Map.of("checkout", 6L));
    add(window, sample(halfMinute + 60_000, 250, 1, 0), 0, 0, halfMinute + 60_000);
    assertThat(window.details().callsByService()).isEqualTo(Map.of("checkout", 5L));
    window.forgetDetails();
    assertThat(window.details().callsByService()).isEmpty();
    assertThat(window.totals(halfMinute + 60_000, 60_000).calls()).isEqualTo(5);
  }

  @Test
  void theNewestExemplarsAreKept() {
    for (int i = 0; i < 6; i++) {
      add(window, sample(NOW - 250, 250, 1, 0, "trace" + i), 1, 0, NOW);
    }
    assertThat(window.details().exemplars())
        .containsExactly("trace2", "trace3", "trace4", "trace5");
  }

  private static boolean add(Window to, CallSample sample, long failed, long slow, long nowMillis) {
    return to.add(sample, failed, TimedCalls.Counts.ofAll(sample.calls(), slow), nowMillis);
  }

  private static CallSample sample(
      long from, long millis, long calls, long refusals, String... exemplars) {
    return new CallSample(
        "checkout",
        "checkout-1",
        from,
        from + millis,
        0,
        calls,
        Map.of(),
        refusals,
        ExponentialHistogram.empty(),
        List.of(exemplars));
  }
}
