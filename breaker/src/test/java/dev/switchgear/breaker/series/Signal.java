package dev.switchgear.breaker.series;

import java.util.Random;

/**
 * A made-up measurement that has what real ones have: noise that depends on what was before, days
 * and nights, and bursts that are nobody's outage.
 */
final class Signal {

  private static final double DAY_MILLIS = 86_400_000;

  private final Noise noise;
  private final double level;
  private final Random random;
  private double before;
  private int burstLeft;
  private double burst;

  /**
   * How it scatters.
   *
   * @param deviation of the logarithm
   * @param memory correlation of two neighbours, 0..1
   * @param heavy whether outliers are as frequent as Student's t with three degrees of freedom has
   *     them
   * @param daily the day is this many times the night
   * @param burstsPerDay how often it jumps for a few samples
   */
  record Noise(
      String name,
      double deviation,
      double memory,
      boolean heavy,
      double daily,
      double burstsPerDay) {}

  Signal(Noise noise, double level, long seed) {
    this.noise = noise;
    this.level = level;
    this.random = new Random(seed);
  }

  double at(long millis, long intervalMillis) {
    double fresh = random.nextGaussian();
    if (noise.heavy()) {
      double chi = 0;
      for (int i = 0; i < 3; i++) {
        double part = random.nextGaussian();
        chi += part * part;
      }
      fresh /= Math.sqrt(chi / 3);
    }
    before = noise.memory() * before + Math.sqrt(1 - noise.memory() * noise.memory()) * fresh;
    double day = Math.log(noise.daily()) * 0.5 * Math.sin(2 * Math.PI * millis / DAY_MILLIS);
    return level * Math.exp(noise.deviation() * before + day + burst(intervalMillis));
  }

  /** How many calls were there really, where so many are expected. */
  double poisson(double expected) {
    if (expected > 200) {
      return Math.max(0, Math.round(expected + Math.sqrt(expected) * random.nextGaussian()));
    }
    double limit = Math.exp(-expected);
    double product = random.nextDouble();
    int count = 0;
    while (product > limit) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }

  private double burst(long intervalMillis) {
    if (burstLeft > 0) {
      burstLeft--;
      return burst;
    }
    if (random.nextDouble() < noise.burstsPerDay() * intervalMillis / DAY_MILLIS) {
      burstLeft = (int) Math.min(8, random.nextInt(15_000) / intervalMillis);
      burst = Math.log(2 + 8 * random.nextDouble());
      return burst;
    }
    return 0;
  }
}
