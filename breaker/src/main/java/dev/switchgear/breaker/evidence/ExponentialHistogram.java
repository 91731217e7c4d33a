package dev.switchgear.breaker.evidence;

import java.util.Arrays;

/**
 * A latency histogram that merges without loss of meaning: bucket {@code i} counts values in {@code
 * (base^i, base^(i+1)]} with {@code base = 2^(2^-scale)}. The form and the mapping are those of
 * OpenTelemetry's data model (opentelemetry.io, Metrics Data Model, ExponentialHistogram); a
 * quantile is off by at most a factor {@code sqrt(base)}. Holds at most {@value #MAX_BUCKETS}
 * buckets: wider data halves the resolution until it fits. Not thread-safe.
 */
public final class ExponentialHistogram {

  /** At scale 3 (9 % wide buckets) 160 buckets span six orders of magnitude. */
  public static final int MAX_BUCKETS = 160;

  /** A foreign histogram may be finer, but not without limit. */
  public static final int MAX_BUCKETS_ACCEPTED = 4096;

  public static final int MIN_SCALE = -10;
  public static final int MAX_SCALE = 20;

  /**
   * Wide enough for six orders of magnitude in {@value #MAX_BUCKETS} buckets, narrow enough for a
   * p99.
   */
  public static final int DEFAULT_SCALE = 3;

  /** Every double, subnormal ones included, lies between these powers of two. */
  private static final int MIN_EXPONENT = -1_075;

  private static final int MAX_EXPONENT = Double.MAX_EXPONENT + 1;

  private static final double PER_LN_2 = 1 / Math.log(2);
  private static final long MANTISSA = 0x000F_FFFF_FFFF_FFFFL;
  private static final long EXPONENT_OF_ONE = 0x3FF0_0000_0000_0000L;
  private static final long[] NONE = {};

  private int scale;
  private int offset;
  private long[] counts;
  private long zeroCount;
  private long count;

  private ExponentialHistogram(int scale, long zeroCount, int offset, long[] counts) {
    this.scale = scale;
    this.zeroCount = zeroCount;
    this.offset = offset;
    this.counts = counts;
    this.count = zeroCount + sum(counts);
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long bucket : counts) {
      sum += bucket;
    }
    return sum;
  }

  /** An empty histogram of the default scale. */
  public static ExponentialHistogram empty() {
    return new ExponentialHistogram(DEFAULT_SCALE, 0, 0, NONE);
  }

  /**
   * A histogram of given content; the array is copied.
   *
   * @param scale {@value #MIN_SCALE}..{@value #MAX_SCALE}
   * @param zeroCount number of values that are zero, at least 0
   * @param offset index of the first bucket
   * @param counts bucket counts, each at least 0; empty ones at either end are dropped
   */
  public static ExponentialHistogram of(int scale, long zeroCount, int offset, long... counts) {
    if (scale < MIN_SCALE || scale > MAX_SCALE) {
      throw bad("scale", scale, MIN_SCALE + ".." + MAX_SCALE);
    }
    if (counts.length > MAX_BUCKETS_ACCEPTED) {
      throw bad("counts", counts.length + " buckets", "0.." + MAX_BUCKETS_ACCEPTED);
    }
    checkCounts(zeroCount, counts);
    var given = new ExponentialHistogram(scale, zeroCount, offset, counts.clone());
    given.trim();
    given.checkRange();
    if (given.counts.length <= MAX_BUCKETS) {
      return given;
    }
    var histogram = new ExponentialHistogram(scale, 0, 0, NONE);
    histogram.add(given);
    return histogram;
  }

  /**
   * Counts {@code times} occurrences of a value; values at or below zero count as zero.
   *
   * @param value a finite number
   * @param times at least 0
   */
  public void record(double value, long times) {
    if (!Double.isFinite(value)) {
      throw bad("value", value, "a finite number");
    }
    if (times < 0) {
      throw bad("times", times, "at least 0");
    }
    count += times;
    if (value <= 0) {
      zeroCount += times;
    } else if (times > 0) {
      int index = index(value, scale);
      int from = scale;
      reach(index, index, scale);
      counts[(index >> (from - scale)) - offset] += times;
    }
  }

  /** Adds everything the other holds. */
  public void add(ExponentialHistogram other) {
    zeroCount += other.zeroCount;
    count += other.count;
    if (other.counts.length == 0) {
      return;
    }
    reach(other.offset, other.last(), other.scale);
    int shift = other.scale - scale;
    for (int i = 0; i < other.counts.length; i++) {
      counts[((other.offset + i) >> shift) - offset] += other.counts[i];
    }
  }

  /** The resolution that would be left after adding the other. */
  int scaleWith(ExponentialHistogram other) {
    return other.counts.length == 0 ? scale : scaleFor(other.offset, other.last(), other.scale);
  }

  /**
   * Multiplies every count, rounding down: how an old past fades.
   *
   * @param factor 0..1
   */
  public void fade(double factor) {
    if (!(factor >= 0 && factor <= 1)) {
      throw bad("factor", factor, "0..1");
    }
    zeroCount = (long) (zeroCount * factor);
    count = zeroCount;
    for (int i = 0; i < counts.length; i++) {
      counts[i] = (long) (counts[i] * factor);
      count += counts[i];
    }
    trim();
  }

  /** Number of values. */
  public long count() {
    return count;
  }

  /**
   * The value below which the given share of values lies, as the geometric middle of its bucket; 0
   * when empty.
   *
   * @param share 0..1
   */
  public double quantile(double share) {
    if (!(share >= 0 && share <= 1)) {
      throw bad("share", share, "0..1");
    }
    long rank = Math.max(1, (long) Math.ceil(share * count));
    long seen = zeroCount;
    if (seen >= rank) {
      return 0;
    }
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return middle(offset + i);
      }
    }
    return 0;
  }

  /**
   * How many values are surely above the threshold: those of the buckets that begin at or above it.
   */
  public long countAbove(double threshold) {
    if (threshold <= 0) {
      return count - zeroCount;
    }
    long first = threshold <= Double.MAX_VALUE ? index(threshold, scale) + 1L : Long.MAX_VALUE;
    long sum = 0;
    for (int i = counts.length - 1; i >= 0 && offset + i >= first; i--) {
      sum += counts[i];
    }
    return sum;
  }

  /** An independent copy. */
  public ExponentialHistogram copy() {
    return new ExponentialHistogram(scale, zeroCount, offset, counts.clone());
  }

  public int scale() {
    return scale;
  }

  public int offset() {
    return offset;
  }

  public long zeroCount() {
    return zeroCount;
  }

  /** Bucket counts, a copy. */
  public long[] counts() {
    return counts.clone();
  }

  /** Index of the last bucket; one less than {@code offset} where there is none. */
  private int last() {
    return offset + counts.length - 1;
  }

  private double middle(int index) {
    return Math.pow(2, (index + 0.5) * Math.scalb(1.0, -scale));
  }

  /**
   * Buckets are open below and closed above, so a power of two belongs to the bucket that ends
   * there. Only what lies between two powers of two needs a logarithm, and its rounding cannot move
   * a value past either. Subnormal values count as the smallest normal one, as OpenTelemetry
   * permits.
   */
  private static int index(double value, int scale) {
    double normal = Math.max(value, Double.MIN_NORMAL);
    int exponent = Math.getExponent(normal);
    long mantissa = Double.doubleToRawLongBits(normal) & MANTISSA;
    if (scale <= 0) {
      return (mantissa == 0 ? exponent - 1 : exponent) >> -scale;
    }
    if (mantissa == 0) {
      return (exponent << scale) - 1;
    }
    double log2 = Math.log(Double.longBitsToDouble(EXPONENT_OF_ONE | mantissa)) * PER_LN_2;
    int within = (int) Math.ceil(log2 * (1 << scale)) - 1;
    return (exponent << scale) + Math.max(0, Math.min((1 << scale) - 1, within));
  }

  /**
   * The finest scale, of this one, the given one and the coarser, at which today's buckets and the
   * given ones fit.
   */
  private int scaleFor(int first, int last, int givenScale) {
    int common = counts.length == 0 ? givenScale : Math.min(scale, givenScale);
    long from = first >> (givenScale - common);
    long to = last >> (givenScale - common);
    if (counts.length > 0) {
      from = Math.min(from, offset >> (scale - common));
      to = Math.max(to, last() >> (scale - common));
    }
    int halvings = 0;
    while ((to >> halvings) - (from >> halvings) >= MAX_BUCKETS) {
      halvings++;
    }
    return common - halvings;
  }

  /** Makes the buckets reach from first to last, both at the given scale. */
  private void reach(int first, int last, int givenScale) {
    downscaleTo(scaleFor(first, last, givenScale));
    int from = first >> (givenScale - scale);
    int to = last >> (givenScale - scale);
    if (counts.length == 0) {
      offset = from;
      counts = new long[to - from + 1];
    } else if (from < offset || to > last()) {
      grow(Math.min(from, offset), Math.max(to, last()));
    }
  }

  private void grow(int first, int last) {
    long[] wider = new long[last - first + 1];
    System.arraycopy(counts, 0, wider, offset - first, counts.length);
    offset = first;
    counts = wider;
  }

  private void downscaleTo(int target) {
    int shift = scale - target;
    if (shift > 0 && counts.length > 0) {
      int first = offset >> shift;
      long[] merged = new long[(last() >> shift) - first + 1];
      for (int i = 0; i < counts.length; i++) {
        merged[((offset + i) >> shift) - first] += counts[i];
      }
      offset = first;
      counts = merged;
    }
    scale = target;
  }

  private void trim() {
    int from = 0;
    int to = counts.length;
    while (from < to && counts[from] == 0) {
      from++;
    }
    while (to > from && counts[to - 1] == 0) {
      to--;
    }
    if (to - from < counts.length) {
      counts = Arrays.copyOfRange(counts, from, to);
      offset += from;
    }
  }

  private static void checkCounts(long zeroCount, long[] counts) {
    long sum = zeroCount;
    boolean fine = zeroCount >= 0;
    for (long bucket : counts) {
      sum += bucket;
      fine &= bucket >= 0 && sum >= 0;
    }
    if (!fine) {
      throw bad(
          "counts",
          zeroCount + " zeros and " + Arrays.toString(counts),
          "each at least 0, their sum at most 2^63-1");
    }
  }

  private void checkRange() {
    long lowest = atScale(MIN_EXPONENT);
    long highest = atScale(MAX_EXPONENT) - 1;
    boolean within = offset >= lowest && offset + (counts.length - 1L) <= highest;
    if (counts.length > 0 && !within) {
      throw bad(
          "offset",
          offset + " with " + counts.length + " buckets",
          "buckets of doubles, " + lowest + ".." + highest + " at scale " + scale);
    }
  }

  private long atScale(int exponent) {
    return scale >= 0 ? (long) exponent << scale : exponent >> -scale;
  }

  private static IllegalArgumentException bad(String name, Object value, String expected) {
    return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
  }
}
