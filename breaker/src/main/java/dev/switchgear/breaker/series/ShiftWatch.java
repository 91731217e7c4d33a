package dev.switchgear.breaker.series;

import java.util.List;

/**
 * A level that rises: latency, processor, memory, queue. How far above the usual a value lies is
 * measured in the spread of the healthy past. Well, that distance follows Student's t distribution
 * with four degrees of freedom, whose tails are as heavy as those of real latencies; ill, its
 * logarithm is uniform from where it is felt to a thousand times that, because nobody knows how ill
 * a dependency will be. A value that the healthy past has reached as well is no evidence.
 */
final class ShiftWatch extends Watch {

  /** Density of Student's t with four degrees of freedom at 0. */
  private static final double T_AT_ZERO = 0.375;

  private static final double ILL_RANGE = Math.log(1_000);

  /** Share of ill samples that do not look well. */
  private static final double LOOKS_ILL = 0.9;

  /** Below three spreads it is noise, however much it is felt. */
  private static final double NOISE = 3;

  /** A tenth up and down is never news. */
  private static final double LEAST_SPREAD = 0.1;

  /** A few samples know little of their own spread: at twelve it is taken half as wide again. */
  private static final double FEW_SAMPLES = 6;

  private static final double REACHED_BEFORE = 0.99;

  /** The level is that of the last hour and a half, and of two dozen samples at least. */
  private static final long LEVEL_MILLIS = 5_400_000;

  private static final int FEWEST_FOR_LEVEL = 24;

  private final Past values = new Past();
  private final Past distances = new Past();
  private final Season season = new Season();
  private long coveredMillis = 1;

  ShiftWatch(Measure measure) {
    super(measure);
  }

  @Override
  double logRatio(double measured, long atMillis, long covered) {
    coveredMillis = covered;
    double value = scaled(measured);
    double level = level();
    double spread = spread(level);
    double distance = value - season.nearest(atMillis, value, level);
    double felt = Math.max(NOISE * spread, felt(level));
    double reached = values.quantile(REACHED_BEFORE);
    if (value - level <= felt || distance <= felt || value <= reached) {
      return LOOKS_WELL;
    }
    double spreads = distance / spread;
    double ill = LOOKS_ILL / (spreads * ILL_RANGE);
    return independent(distances) * Math.log(ill / wellDensity(spreads));
  }

  @Override
  void learn(double measured, long atMillis, long covered) {
    coveredMillis = covered;
    double value = scaled(measured);
    distances.add(value - (values.size() == 0 ? value : level()));
    values.add(value);
    season.add(atMillis, value);
  }

  @Override
  void season(double measured, long atMillis) {
    season.add(atMillis, scaled(measured));
  }

  @Override
  int learned() {
    return values.size();
  }

  @Override
  void forget() {
    values.clear();
    distances.clear();
  }

  @Override
  List<Past> pasts() {
    return List.of(values, distances);
  }

  @Override
  Season seasons() {
    return season;
  }

  @Override
  double usual() {
    return measure().logarithmic() ? Math.exp(level()) : level();
  }

  private double level() {
    return values.median(newest());
  }

  private int newest() {
    long wanted = LEVEL_MILLIS / Math.max(1, coveredMillis);
    return (int) Math.max(FEWEST_FOR_LEVEL, Math.min(Past.MOST, wanted));
  }

  /** The widest of what several quantiles of a normal distribution would say of its deviation. */
  private double spread(double level) {
    double middle = distances.quantile(0.5);
    double spread = (distances.quantile(0.75) - middle) / 0.6745;
    spread = Math.max(spread, (distances.quantile(0.90) - middle) / 1.2816);
    spread = Math.max(spread, (distances.quantile(0.975) - middle) / 1.96);
    double least = measure().logarithmic() ? LEAST_SPREAD : LEAST_SPREAD * Math.abs(level);
    return Math.max(Math.max(spread, least), 1e-9) * (1 + FEW_SAMPLES / distances.size());
  }

  /** How far above the level somebody feels it. */
  private double felt(double level) {
    double difference = measure().feltDifference();
    double ratio = measure().feltRatio();
    return measure().logarithmic()
        ? Math.max(Math.log(ratio), Math.log1p(difference / Math.exp(level)))
        : Math.max((ratio - 1) * level, difference);
  }

  private double scaled(double measured) {
    return measure().logarithmic() ? Math.log(Math.max(measured, 1e-3)) : measured;
  }

  private static double wellDensity(double spreads) {
    double tail = 1 + spreads * spreads / 4;
    return T_AT_ZERO / (tail * tail * Math.sqrt(tail));
  }
}
