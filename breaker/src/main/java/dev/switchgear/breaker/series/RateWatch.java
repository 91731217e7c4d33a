package dev.switchgear.breaker.series;

import dev.switchgear.breaker.Symptom;
import java.util.List;

/**
 * Calls that no longer come. Counts are judged as Poisson's, with a variance that is as many times
 * too large as it was in the healthy past (quasi-likelihood: R. W. M. Wedderburn, Biometrika 61,
 * 1974), against two alternatives: half of the usual, and hardly any. The usual is the lowest of
 * the last hour, yesterday's and last week's at the same time: a night is no outage.
 */
final class RateWatch extends Watch {

  private static final double[] REMAINING = {0.5, 0.05};

  /** The level is that of the last hour, and of two dozen samples at least. */
  private static final long LEVEL_MILLIS = 3_600_000;

  private static final int FEWEST_FOR_LEVEL = 24;

  /** Counts below this are too few for a median. */
  private static final double MEDIAN_FROM = 10;

  /** Of the usual, so little is nothing. */
  private static final double SILENT = 0.05;

  private static final double REACHED_BEFORE = 0.01;

  private final Past rates = new Past();
  private final Past squares = new Past();
  private final Season season = new Season();
  private double usual;
  private long coveredMillis = 1;

  RateWatch() {
    super(Measure.CALLS_PER_SECOND);
  }

  @Override
  double logRatio(double measured, long atMillis, long covered) {
    coveredMillis = covered;
    double seconds = covered / 1e3;
    double level = level();
    usual = Math.min(level, season.nearest(atMillis, measured, level));
    double reached = rates.quantile(REACHED_BEFORE);
    boolean felt = measured <= measure().feltRatio() * usual;
    boolean news = measured < reached || usual * seconds < MEDIAN_FROM;
    if (!felt || !news) {
      return LOOKS_WELL;
    }
    double evidence = evidence(measured * seconds, usual * seconds);
    return independent(rates) * evidence / overdispersion(level, seconds);
  }

  @Override
  void learn(double measured, long atMillis, long covered) {
    coveredMillis = covered;
    double off = rates.size() == 0 ? 0 : measured - level();
    squares.add(off * off);
    rates.add(measured);
    season.add(atMillis, measured);
  }

  @Override
  void season(double measured, long atMillis) {
    season.add(atMillis, measured);
  }

  @Override
  int learned() {
    return rates.size();
  }

  @Override
  void forget() {
    rates.clear();
    squares.clear();
  }

  @Override
  List<Past> pasts() {
    return List.of(rates, squares);
  }

  @Override
  Season seasons() {
    return season;
  }

  @Override
  double usual() {
    return usual;
  }

  @Override
  Symptom.Kind kindOf(double measured) {
    return measured <= SILENT * usual ? Symptom.Kind.SILENCE : Symptom.Kind.THROUGHPUT_DROP;
  }

  private double level() {
    long wanted = LEVEL_MILLIS / Math.max(1, coveredMillis);
    int newest = (int) Math.max(FEWEST_FOR_LEVEL, Math.min(Past.MOST, wanted));
    double median = rates.median(newest);
    return median * coveredMillis / 1e3 >= MEDIAN_FROM ? median : rates.mean(newest);
  }

  /** How many times the variance of the counts is that of Poisson's. */
  private double overdispersion(double level, double seconds) {
    double variance = squares.mean(Past.MOST) * seconds * seconds;
    return Math.max(1, variance / Math.max(level * seconds, 1e-9));
  }

  private static double evidence(double count, double usual) {
    double most = Double.NEGATIVE_INFINITY;
    for (double remaining : REMAINING) {
      most = Math.max(most, count * Math.log(remaining) + (1 - remaining) * usual);
    }
    return most;
  }
}
