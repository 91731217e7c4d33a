package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What chance decides here is off by more than is allowed once in hundreds of millions of runs. */
class SamplingTest {

  private static final int WANTED = 4_000;
  private static final long QUARTER = 250_000_000;
  private static final int DRAWS = 200_000;

  /** Six standard deviations of a share of one in eight or less, among so many draws. */
  private static final double CHANCE = 0.0045;

  private final Sampling sampling = new Sampling();

  @Test
  void untilAnybodyHasCounted_everyCallIsTimed() {
    assertThat(timedShare()).isEqualTo(1);
  }

  @Test
  void atNoMoreThanWhatIsWanted_everyCallIsTimed() {
    for (int i = 0; i < 100; i++) {
      fit(WANTED);
      assertThat(timedShare()).isEqualTo(1);
    }
  }

  @Test
  void above_aboutAsManyAreTimedAsAreWanted() {
    fit(50_000);
    fit(50_000);

    assertThat(timedShare()).isEqualTo(1 / 16.0, within(CHANCE));
  }

  @Property
  void atAnyRate_atLeastHalfOfWhatIsWantedIsTimed_andAtMostHalfAsManyAgain(
      @ForAll @IntRange(min = 4_001, max = 1_000_000_000) int perSecond) {
    Sampling any = new Sampling();
    any.fit(perSecond, 1_000_000_000, WANTED);
    any.fit(perSecond, 1_000_000_000, WANTED);

    assertThat(part(any) * perSecond).isBetween(WANTED / 2.0, WANTED * 1.5);
  }

  @Test
  void whereEveryCallIsWanted_everyCallIsTimed() {
    sampling.fit(1_000_000, QUARTER, Sampling.EVERY_CALL);
    sampling.fit(1_000_000, QUARTER, Sampling.EVERY_CALL);

    assertThat(timedShare()).isEqualTo(1);
  }

  @Test
  void aBurstOfOneLook_changesNothing() {
    fit(1_000);
    fit(1_000_000);
    assertThat(timedShare()).isEqualTo(1);
    fit(1_000);
    assertThat(timedShare()).isEqualTo(1);
  }

  @Test
  void whenTheRateFalls_everyCallIsTimedFromTheNextLookOn() {
    fit(1_000_000);
    fit(1_000_000);
    assertThat(timedShare()).isLessThan(0.02);

    fit(100);
    assertThat(timedShare()).isEqualTo(1);
  }

  /** Poisson's noise and a wobble of a tenth, at any rate, for a quarter of an hour. */
  @Property(tries = 200)
  void atASteadyRate_thePartDoesNotChange(
      @ForAll @IntRange(min = 1_000, max = 1_000_000) int perSecond, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Sampling any = new Sampling();
    int changes = 0;
    double before = 0;
    for (int look = 0; look < 3_600; look++) {
      double mean = perSecond / 4.0 * (0.95 + 0.1 * random.nextDouble());
      any.fit(Math.round(mean + Math.sqrt(mean) * random.nextGaussian()), QUARTER, WANTED);
      changes += look > 2 && part(any) != before ? 1 : 0;
      before = part(any);
    }
    assertThat(changes).isLessThanOrEqualTo(1);
  }

  /** Were it every sixteenth, one of these would be timed always and the others never. */
  @Test
  void workThatRecursEverySoManyCalls_isTimedAsOftenAsAnyOther() {
    fit(50_000);
    fit(50_000);
    int[] timed = new int[16];
    for (int i = 0; i < 16 * DRAWS; i++) {
      timed[i % 16] += sampling.draw() == Sampling.NOT_TIMED ? 0 : 1;
    }
    for (int each : timed) {
      assertThat(each / (double) DRAWS).isEqualTo(1 / 16.0, within(CHANCE));
    }
  }

  @Test
  void aCallThatEndsWhenASmallerPartIsTimed_countsAsOftenAsThoseThatBeginThen() {
    int drawn = sampling.draw();
    fit(50_000);
    fit(50_000);

    int counted = 0;
    for (int i = 0; i < DRAWS; i++) {
      counted += sampling.counts(drawn) ? 1 : 0;
    }
    assertThat(counted / (double) DRAWS).isEqualTo(1 / 16.0, within(CHANCE));
  }

  @Test
  void aCallThatEndsWhenALargerPartIsTimed_counts_ifItWasTimed() {
    fit(50_000);
    fit(50_000);
    int drawn = Sampling.NOT_TIMED;
    while (drawn == Sampling.NOT_TIMED) {
      drawn = sampling.draw();
    }
    assertThat(sampling.counts(drawn)).isTrue();
    fit(0);

    assertThat(sampling.counts(drawn)).isTrue();
    assertThat(sampling.counts(Sampling.NOT_TIMED)).isFalse();
  }

  @Test
  void aLookAfterNoTime_changesNothing() {
    sampling.fit(1_000_000, 0, WANTED);
    sampling.fit(1_000_000, -5, WANTED);

    assertThat(timedShare()).isEqualTo(1);
  }

  private void fit(int perSecond) {
    sampling.fit(perSecond / 4, QUARTER, WANTED);
  }

  private double timedShare() {
    int timed = 0;
    for (int i = 0; i < DRAWS; i++) {
      timed += sampling.draw() == Sampling.NOT_TIMED ? 0 : 1;
    }
    return timed / (double) DRAWS;
  }

  /** The part by what a call is drawn with; where there are very many, one is waited for. */
  private static double part(Sampling any) {
    int drawn = Sampling.NOT_TIMED;
    while (drawn == Sampling.NOT_TIMED) {
      drawn = any.draw();
    }
    return 1.0 / (drawn + 1);
  }
}
