package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What chance decides here is off by more than is allowed once in hundreds of millions of runs. */
class StripedRandomTest {

  private static final int DRAWS = 200_000;

  /** Six standard deviations of a share of one half among so many draws. */
  private static final double CHANCE = 0.0068;

  @Test
  void everyBit_isSetInHalfOfTheNumbers_andLikeTheOneBeforeInHalf() {
    int[] set = new int[Integer.SIZE];
    int[] alike = new int[Integer.SIZE];
    int before = StripedRandom.next();
    for (int i = 0; i < DRAWS; i++) {
      int drawn = StripedRandom.next();
      for (int bit = 0; bit < Integer.SIZE; bit++) {
        set[bit] += drawn >>> bit & 1;
        alike[bit] += ~(drawn ^ before) >>> bit & 1;
      }
      before = drawn;
    }

    assertThat(IntStream.concat(Arrays.stream(set), Arrays.stream(alike)))
        .allSatisfy(count -> assertThat((double) count / DRAWS).isEqualTo(0.5, within(CHANCE)));
  }

  @Test
  void eachStripe_hasASeedOfItsOwn_andInstancesHaveOthers() {
    long[] here = StripedRandom.seeds();
    long[] elsewhere = StripedRandom.seeds();

    assertThat(
            IntStream.range(0, Stripe.COUNT)
                .map(stripe -> Stripe.start(stripe, Stripe.STRIDE))
                .boxed()
                .flatMap(seed -> Stream.of(here[seed], elsewhere[seed])))
        .doesNotHaveDuplicates();
  }
}
