package dev.switchgear.breaker.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

class WaterFillingPropertyTest {

  private static final long LARGEST = 1_000_000_000_000L;

  @Property
  void itGivesAwayAllThatIsWanted_orAllThereIs(
      @ForAll @LongRange(min = 0, max = LARGEST) long whole,
      @ForAll @Size(max = 50) List<@LongRange(min = 0, max = LARGEST) Long> wanted) {
    long[] most = array(wanted);
    long[] shares = WaterFilling.shares(whole, new long[most.length], most);

    assertThat(sum(shares)).isEqualTo(Math.min(whole, sum(most)));
    for (int i = 0; i < most.length; i++) {
      assertThat(shares[i]).isBetween(0L, most[i]);
    }
  }

  @Property
  void whoGetsLessThanHeWants_getsNoLessThanAnybody_butForOneUnit(
      @ForAll @LongRange(min = 0, max = 1_000) long whole,
      @ForAll @NotEmpty @Size(max = 20) List<@LongRange(min = 0, max = 200) Long> wanted) {
    long[] most = array(wanted);
    long[] shares = WaterFilling.shares(whole, new long[most.length], most);

    long highest = Arrays.stream(shares).max().orElseThrow();
    for (int i = 0; i < most.length; i++) {
      assertThat(shares[i] == most[i] || shares[i] >= highest - 1).isTrue();
    }
  }

  @Property
  void whatEachGetsAtLeast_heGets(
      @ForAll @NotEmpty @Size(max = 20) List<@LongRange(min = 0, max = 200) Long> kept,
      @ForAll @LongRange(min = 0, max = 1_000) long more,
      @ForAll @LongRange(min = 0, max = 300) long above) {
    long[] least = array(kept);
    long[] most = Arrays.stream(least).map(each -> each + above).toArray();
    long[] shares = WaterFilling.shares(sum(least) + more, least, most);

    for (int i = 0; i < least.length; i++) {
      assertThat(shares[i]).isBetween(least[i], most[i]);
    }
    assertThat(sum(shares)).isEqualTo(Math.min(sum(least) + more, sum(most)));
  }

  @Example
  void theModestGetWhatTheyWant_andTheRestIsSharedAlike() {
    assertThat(WaterFilling.shares(100, new long[4], new long[] {10, 80, 25, 200}))
        .containsExactly(10, 33, 25, 32);
  }

  private static long[] array(List<Long> list) {
    return list.stream().mapToLong(Long::longValue).toArray();
  }

  private static long sum(long[] amounts) {
    return Arrays.stream(amounts).sum();
  }
}
