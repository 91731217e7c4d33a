package dev.switchgear.breaker.series;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

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
  private final Trend trend = new Trend();
  private final @Nullable LimitWatch limit;
  private int inBlock;

  /**
   * Knows nothing yet.
   *
   * @param limited whether it may have a limit; a share that has one is judged by nothing else: to
   *     be busier than usual is no symptom
   */
  Track(Measure measure, boolean limited) {
    this.measure = measure;
    this.fine = watch(measure);
    this.coarse = watch(measure);
    this.limit = limited && measure.isLevel() ? new LimitWatch(measure, trend) : null;
  }

  void limit(double newLimit) {
    if (limit != null) {
      limit.limit(newLimit);
    }
  }

  /** Those that judge it. */
  List<Watch> watches() {
    return limit == null ? List.of(fine, coarse) : List.of(fine, coarse, limit);
  }

  double risePerSecond() {
    return trend.risePerSecond();
  }

  double secondsToFull() {
    return limit == null ? Double.POSITIVE_INFINITY : trend.secondsTo(limit.full());
  }

  SeriesMemory.OfMeasure memory() {
    return new SeriesMemory.OfMeasure(
        measure,
        cadence.distances(),
        cadence.lastMillis(),
        Arrays.stream(block, 0, inBlock).boxed().toList(),
        trend.points(),
        fine.memory(),
        coarse.memory(),
        limit == null ? null : limit.memory());
  }

  void restore(SeriesMemory.OfMeasure memory) {
    cadence.restore(memory.distances(), memory.lastMillis());
    for (double each : memory.block()) {
      block[inBlock++] = each;
    }
    memory.trend().forEach(point -> trend.add(point.atMillis(), point.value()));
    fine.restore(memory.fine());
    coarse.restore(memory.coarse());
    if (limit != null && memory.limit() != null) {
      limit.restore(memory.limit());
    }
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
    if (measure.isLevel()) {
      trend.add(atMillis, value);
    }
    if (limit != null) {
      turned.accept(limit, limit.take(value, atMillis, covered, callsPerSecond, falseAlarmsPerDay));
      if (measure.isShare()) {
        return;
      }
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
    trend.forget();
    watches().forEach(Watch::gap);
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
