package dev.switchgear.breaker.evidence;

import java.math.BigInteger;

/**
 * The bucket of a value by OpenTelemetry's definition, {@code base^i < value <= base^(i+1)}, in
 * whole numbers and therefore without rounding: for a scale above zero, {@code value^(2^scale)} is
 * compared with powers of two.
 */
final class ExactBuckets {

  private ExactBuckets() {}

  static int index(double value, int scale) {
    if (scale < 0) {
      return Math.floorDiv(index(value, 0), 1 << -scale);
    }
    double normal = Math.max(value, Double.MIN_NORMAL);
    int exponent = Math.getExponent(normal);
    long mantissa = (Double.doubleToRawLongBits(normal) & ((1L << 52) - 1)) | (1L << 52);
    BigInteger power = BigInteger.valueOf(mantissa).pow(1 << scale);
    int whole = power.bitLength() - 1;
    boolean exact = power.getLowestSetBit() == whole;
    return (exponent << scale) + whole - (52 << scale) - (exact ? 1 : 0);
  }
}
