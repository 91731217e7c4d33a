package dev.switchgear.breaker.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TimedCallsTest {

  private static final long NOW = 1_700_000_000_500L;

  private final TimedCalls timed = new TimedCalls();

  @Test
  void whereEveryCallIsTimed_allCount() {
    assertThat(timed.of(sample("a", 100, 100), 7, NOW)).isEqualTo(TimedCalls.Counts.ofAll(100, 7));
  }

  @Test
  void whereNoLatencyIsTold_allCount() {
    assertThat(timed.of(sample("a", 100, 0), 0, NOW)).isEqualTo(TimedCalls.Counts.ofAll(100, 0));
  }

  @Test
  void whereThereIsOneCaller_itsTimedCallsCount_andStandForTheOthers() {
    assertThat(timed.of(sample("a", 8_000, 1_000), 100, NOW))
        .isEqualTo(new TimedCalls.Counts(1_000, 100, 800));
  }

  @Test
  void besideACallerThatTimesOneInEight_aTimedCallOfAnotherCountsAnEighth() {
    timed.of(sample("a", 8_000, 1_000), 0, NOW);

    assertThat(timed.of(sample("b", 80, 80), 40, NOW)).isEqualTo(new TimedCalls.Counts(10, 5, 40));
  }

  @Test
  void onceThatCallerCostsAllItsCalls_theyCountInFullAtOnce() {
    timed.of(sample("a", 8_000, 1_000), 0, NOW);
    timed.of(sample("a", 30, 30), 30, NOW + 250);

    assertThat(timed.of(sample("b", 80, 80), 40, NOW + 250))
        .isEqualTo(TimedCalls.Counts.ofAll(80, 40));
  }

  @Test
  void whereSomebodyLeavesCallsUntimed_thoseOfWhichNoneWasTimed_areNotQuick() {
    timed.of(sample("a", 8_000, 1_000), 0, NOW);

    assertThat(timed.of(sample("a", 60, 0), 0, NOW + 250)).isEqualTo(TimedCalls.Counts.ofAll(0, 0));
    assertThat(timed.of(sample("a", 8_000, 1_000), 100, NOW + 500).calls()).isEqualTo(1_000);
  }

  @Test
  void onceThatCallerIsSilent_theOthersCountInFull() {
    timed.of(sample("a", 8_000, 1_000), 0, NOW);
    assertThat(timed.of(sample("b", 80, 80), 0, NOW + 600).calls()).isEqualTo(10);

    assertThat(timed.of(sample("b", 80, 80), 0, NOW + 601).calls()).isEqualTo(80);
  }

  @Test
  void forgotten_theyCountInFull() {
    timed.of(sample("a", 8_000, 1_000), 0, NOW);
    timed.clear();

    assertThat(timed.of(sample("b", 80, 80), 0, NOW).calls()).isEqualTo(80);
  }

  /** One caller times one call in 32; what the others make is any number of calls, all timed. */
  @Property
  void overManySamples_theShareOfSlowCallsIsThatOfAllCalls(
      @ForAll @Size(min = 100, max = 200) List<@IntRange(max = 300) Integer> calls,
      @ForAll @IntRange(max = 4) int slowOfFour) {
    TimedCalls any = new TimedCalls();
    long allCalls = 0;
    long allSlow = 0;
    long counted = 0;
    long countedSlow = 0;
    for (int more : calls) {
      TimedCalls.Counts busy = any.of(sample("busy", 3_200, 100), 0, NOW);
      long slow = (long) more * slowOfFour / 4;
      TimedCalls.Counts other = any.of(sample("other", more, more), slow, NOW);
      assertThat(other.slow()).isBetween(0L, other.calls());
      allCalls += 3_200 + more;
      allSlow += slow;
      counted += busy.calls() + other.calls();
      countedSlow += busy.slow() + other.slow();
    }
    assertThat((double) counted).isEqualTo(allCalls / 32.0, within(2.0));
    assertThat((double) countedSlow).isEqualTo(allSlow / 32.0, within(1.0));
  }

  private static CallSample sample(String service, long calls, long timedCalls) {
    ExponentialHistogram latency = ExponentialHistogram.empty();
    latency.record(1e6, timedCalls);
    return new CallSample(
        service, service + "-1", NOW - 250, NOW, 0, calls, Map.of(), 0, latency, List.of());
  }
}
