package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** A duration v is in bucket i exactly if 2^i < v^8 <= 2^(i+1): the definition, in integers. */
class LatencyIndexTest {

  @Property
  void everyDurationIsInItsBucket(@ForAll @LongRange(min = 2, max = 1L << 40) long nanos) {
    assertInBucket(nanos);
  }

  @Property
  void durationsNextToABoundAreInTheirBuckets(
      @ForAll @IntRange(min = 8, max = 319) int bucket, @ForAll @IntRange(max = 1) int above) {
    BigInteger bound = BigInteger.ONE.shiftLeft(bucket).sqrt().sqrt().sqrt();
    assertInBucket(bound.longValueExact() + above);
  }

  @Example
  void aPowerOfTwoIsTheLastOfItsBucket() {
    for (int exponent = 0; exponent <= 40; exponent++) {
      assertThat(LatencyIndex.of(1L << exponent)).isEqualTo(exponent * 8 - 1);
    }
  }

  @Property
  void aSlotIsAtMostAsLongAsItsBoundAllows(@ForAll @LongRange(min = 1, max = 1L << 40) long nanos) {
    int slot = LatencyIndex.slot(nanos);

    assertThat(LatencyIndex.bucket(slot)).isEqualTo(LatencyIndex.of(nanos));
    assertThat(LatencyIndex.upperBoundNanos(slot)).isGreaterThanOrEqualTo(nanos);
  }

  @Property
  void everyLongHasASlot(@ForAll long nanos) {
    assertThat(LatencyIndex.slot(nanos)).isBetween(0, LatencyIndex.UNTIMED - 1);
  }

  @Example
  void theShortestAndTheLongestHaveTheFirstAndTheLastSlot() {
    assertThat(LatencyIndex.slot(0)).isZero();
    assertThat(LatencyIndex.slot(-5)).isZero();
    assertThat(LatencyIndex.slot(1)).isEqualTo(1);
    assertThat(LatencyIndex.slot(Long.MAX_VALUE)).isEqualTo(LatencyIndex.UNTIMED - 1);
    assertThat(LatencyIndex.slot(1L << 40)).isEqualTo(LatencyIndex.UNTIMED - 1);
  }

  private static void assertInBucket(long nanos) {
    int bucket = LatencyIndex.of(nanos);
    BigInteger eighthPower = BigInteger.valueOf(nanos).pow(8);
    assertThat(eighthPower).isGreaterThan(BigInteger.ONE.shiftLeft(bucket));
    assertThat(eighthPower).isLessThanOrEqualTo(BigInteger.ONE.shiftLeft(bucket + 1));
  }
}
