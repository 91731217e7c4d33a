package dev.switchgear.guard;

import java.math.BigInteger;

/**
 * Bucket indexes of OpenTelemetry's exponential histogram at scale 3, for durations in nanoseconds.
 *
 * <p>Bucket {@code i} holds (base^i, base^(i+1)] with base = 2^(1/8): eight buckets to a doubling,
 * upper bounds included (OpenTelemetry metrics data model, "ExponentialHistogram"). A duration is
 * shifted until its highest bit is bit 62, where the eight bounds are 2^(62 + j/8), rounded down.
 * But for j = 0 these are irrational, so "greater than the rounded bound" and "greater than the
 * bound" are the same for integers: the index is exact, without logarithms. The six bits below the
 * highest say between which bounds it lies, but for one: the bounds are 9 % apart, 64ths at most
 * 1.6 %. That one it is compared with.
 */
final class LatencyIndex {

  static final int SCALE = 3;

  private static final int PER_DOUBLING = 1 << SCALE;
  private static final int HIGHEST_BIT = 62;

  /** About 18 minutes; what takes longer is counted as this. */
  private static final int LONGEST_LOG2 = 40;

  private static final long LONGEST = 1L << LONGEST_LOG2;

  /** 1 ns is 2^0 and, bounds being upper bounds, the last of the bucket below. */
  private static final int LOWEST = -1;

  /** The slot of calls that nobody timed, behind one for zero and one for each bucket. */
  static final int UNTIMED = 1 + PER_DOUBLING * LONGEST_LOG2 - LOWEST;

  static final int SLOTS = UNTIMED + 1;

  private static final int STEPS_LOG2 = 6;
  private static final int STEPS = 1 << STEPS_LOG2;

  /** Where in a bound it is told how many are below; zero in every duration that is shifted. */
  private static final long LOW_BITS = PER_DOUBLING * 2 - 1;

  /** For each 64th of a doubling the one bound to compare with, and how many are below. */
  private static final long[] BOUNDS = bounds();

  private LatencyIndex() {}

  /** Bucket of a duration of 1 ns to {@link #LONGEST}. */
  static int of(long nanos) {
    int leadingZeros = Long.numberOfLeadingZeros(nanos);
    long normalized = nanos << (leadingZeros - 1);
    long bound = BOUNDS[(int) (normalized >>> (HIGHEST_BIT - STEPS_LOG2)) & (STEPS - 1)];
    int below = (int) (bound & LOW_BITS);
    int above = (int) ((bound - normalized) >>> 63);
    return (63 - leadingZeros) * PER_DOUBLING + below + above - 1;
  }

  /** Where a duration is counted; a clock that went backwards counts as zero. */
  static int slot(long nanos) {
    return nanos <= 0 ? 0 : of(Math.min(nanos, LONGEST)) - LOWEST + 1;
  }

  /** Bucket that a slot other than 0 and {@link #UNTIMED} stands for. */
  static int bucket(int slot) {
    return slot - 1 + LOWEST;
  }

  /** The longest duration counted in a slot other than {@link #UNTIMED}. */
  static long upperBoundNanos(int slot) {
    return slot == 0 ? 0 : (long) Math.pow(2, (bucket(slot) + 1) / (double) PER_DOUBLING);
  }

  private static long[] bounds() {
    long[] ofSteps = new long[STEPS];
    int below = 0;
    long bound = bound(below);
    for (int step = 0; step < STEPS; step++) {
      long from = (1L << HIGHEST_BIT) + ((long) step << (HIGHEST_BIT - STEPS_LOG2));
      while (bound < from) {
        below++;
        bound = bound(below);
      }
      ofSteps[step] = (bound & ~LOW_BITS) | below;
    }
    return ofSteps;
  }

  /** 2^(62 + j/8), rounded down; where a doubling ends, more than anything. */
  private static long bound(int j) {
    if (j == PER_DOUBLING) {
      return Long.MAX_VALUE;
    }
    BigInteger eighthPower = BigInteger.ONE.shiftLeft(HIGHEST_BIT * PER_DOUBLING + j);
    return eighthPower.sqrt().sqrt().sqrt().longValueExact();
  }
}
