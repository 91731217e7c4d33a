package dev.switchgear.breaker.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FisherTestTest {

  /** Fisher's own example: a lady names the four cups of eight into which milk was poured first. */
  @Test
  void theLadyTastingTea() {
    assertThat(FisherTest.logChance(4, 4, 4, 0)).isCloseTo(Math.log(1 / 70.0), within(1e-9));
    assertThat(FisherTest.logChance(4, 3, 4, 1)).isCloseTo(Math.log(17 / 70.0), within(1e-9));
  }

  @Test
  void whoIsNoWorseThanTheOthersIsLeftAlone() {
    assertThat(FisherTest.logChance(10, 3, 20, 6)).isZero();
    assertThat(FisherTest.logChance(10, 0, 20, 6)).isZero();
    assertThat(FisherTest.logChance(10, 10, 0, 0)).isZero();
  }

  @Test
  void millionsOfCallsAreNoTrouble() {
    double logChance = FisherTest.logChance(5_000_000, 600_000, 90_000_000, 9_000_000);

    assertThat(logChance).isLessThan(-1_000).isGreaterThan(-20_000);
  }

  @Property
  void itIsTheExactChance(
      @ForAll @IntRange(max = 40) int good,
      @ForAll @IntRange(max = 40) int bad,
      @ForAll @IntRange(max = 40) int otherGood,
      @ForAll @IntRange(max = 40) int otherBad) {
    int calls = good + bad;
    int otherCalls = otherGood + otherBad;
    boolean worse = bad * otherCalls > otherBad * calls;
    double expected = worse ? exact(calls, bad, otherCalls, otherBad) : 1;

    assertThat(Math.exp(FisherTest.logChance(calls, bad, otherCalls, otherBad)))
        .isCloseTo(expected, within(1e-9 * expected));
  }

  private static double exact(int calls, int bad, int otherCalls, int otherBad) {
    BigInteger ways = BigInteger.ZERO;
    for (int k = bad; k <= Math.min(calls, bad + otherBad); k++) {
      ways = ways.add(choices(calls, k).multiply(choices(otherCalls, bad + otherBad - k)));
    }
    return ways.doubleValue() / choices(calls + otherCalls, bad + otherBad).doubleValue();
  }

  private static BigInteger choices(int n, int k) {
    BigInteger choices = BigInteger.ONE;
    for (int i = 1; i <= k; i++) {
      choices = choices.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
    }
    return choices;
  }
}
