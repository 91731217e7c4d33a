package dev.switchgear.guard;

import java.math.BigInteger;

/**
 * Bucket indexes of OpenTelemetry's exponential histogram at scale 3, for durations in nanoseconds.
 *
 * <p>Bucket {@code i} holds (base^i, base^(i+1)] with base = 2^(1/8): eight buckets to a doubling,
 * upper bounds included (OpenTelemetry metrics data model, "ExponentialHistogram"). A duration is
 * shifted until its highest bit is bit 62 and compared with the eight bounds 2^(62 + j/8), rounded
 * down. But for j = 0 these are irrational, so "greater than the rounded bound" and "greater than
 * the bound" are the same for integers: the index is exact for every duration, without logarithms.
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

  /** One slot for zero, one for each bucket. */
  static final int SLOTS = 1 + PER_DOUBLING * LONGEST_LOG2 - LOWEST;

  private static final long[] BOUNDS = bounds();

  private LatencyIndex() {}

  /** Bucket of a duration of at least 1 ns. */
  static int of(long nanos) {
    int leadingZeros = Long.numberOfLeadingZeros(nanos);
    long normalized = nanos << (leadingZeros - 1);
    int above = 0;
    for (long bound : BOUNDS) {
      above += (int) ((bound - normalized) >>> 63);
    }
    return (63 - leadingZeros) * PER_DOUBLING + above - 1;
  }

  /** Where a duration is counted; a clock that went backwards counts as zero. */
  static int slot(long nanos) {
    return nanos <= 0 ? 0 : of(Math.min(nanos, LONGEST)) - LOWEST + 1;
  }

  /** Bucket that a slot other than 0 stands for. */
  static int bucket(int slot) {
    return slot - 1 + LOWEST;
  }

  /** The longest duration counted in a slot. */
  static long upperBoundNanos(int slot) {
    return slot == 0 ? 0 : (long) Math.pow(2, (bucket(slot) + 1) / (double) PER_DOUBLING);
  }

  private static long[] bounds() {
    long[] bounds = new long[PER_DOUBLING];
    for (int j = 0; j < PER_DOUBLING; j++) {
      BigInteger eighthPower = BigInteger.ONE.shiftLeft(HIGHEST_BIT * PER_DOUBLING + j);
      bounds[j] = eighthPower.sqrt().sqrt().sqrt().longValueExact();
    }
    return bounds;
  }
}
