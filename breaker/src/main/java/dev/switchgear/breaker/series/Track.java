package dev.switchgear.breaker.series;

import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * One measure at two scales: as it is sampled, which sees a large change at once, and in blocks,
 * whose median scatters less, which see a smaller one that lasts. Where samples are a minute apart
 * or more they are blocks already.
 */
final class Track {

  private static final long COARSE_MILLIS = 60_000;

  /** A third of a minute, and four samples at least. */
  private static final long BLOCK_MILLIS = 20_000;

  private static final int FEWEST_IN_BLOCK = 4;
  private static final int MOST_IN_BLOCK = 32;

  /** A sample after more than this many intervals comes after a gap. */
  private static final int GAP_INTERVALS = 5;

  private final Measure measure;
  private final Cadence cadence = new Cadence();
  private final Watch fine;
  private final Watch coarse;
  private final double[] block = new double[MOST_IN_BLOCK];
  private int inBlock;

  Track(Measure measure) {
    this.measure = measure;
    this.fine = watch(measure);
    this.coarse = watch(measure);
  }

  /**
   * Takes a value.
   *
   * @param callsPerSecond how many calls there were; not a number where nobody knows
   * @param turned told of each watch whose symptom began or ended
   */
  void take(
      double value,
      long atMillis,
      double callsPerSecond,
      double falseAlarmsPerDay,
      BiConsumer<Watch, Episode.Turn> turned) {
    if (measure.logarithmic() && value <= 0) {
      return; // No call, no latency.
    }
    long since = cadence.take(atMillis);
    long covered = cadence.intervalMillis();
    if (since == 0 || covered == 0) {
      return;
    }
    if (since > GAP_INTERVALS * covered) {
      gap();
    }
    turned.accept(fine, fine.take(value, atMillis, covered, callsPerSecond, falseAlarmsPerDay));
    if (covered < COARSE_MILLIS && full(value, covered)) {
      long length = covered * inBlock;
      double whole = measure.counted() ? mean() : median();
      inBlock = 0;
      turned.accept(
          coarse, coarse.take(whole, atMillis, length, callsPerSecond, falseAlarmsPerDay));
    }
  }

  private void gap() {
    inBlock = 0;
    fine.gap();
    coarse.gap();
  }

  private boolean full(double value, long covered) {
    block[inBlock++] = value;
    long wanted = Math.max(FEWEST_IN_BLOCK, BLOCK_MILLIS / covered);
    return inBlock >= Math.min(MOST_IN_BLOCK, wanted);
  }

  private double median() {
    double[] sorted = Arrays.copyOf(block, inBlock);
    Arrays.sort(sorted);
    return (sorted[(inBlock - 1) / 2] + sorted[inBlock / 2]) / 2;
  }

  private double mean() {
    return Arrays.stream(block, 0, inBlock).average().orElse(0);
  }

  private static Watch watch(Measure measure) {
    return switch (measure) {
      case ERROR_SHARE -> new ErrorWatch();
      case CALLS_PER_SECOND -> new RateWatch();
      default -> new ShiftWatch(measure);
    };
  }
}
