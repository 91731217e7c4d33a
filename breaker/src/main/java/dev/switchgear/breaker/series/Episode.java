package dev.switchgear.breaker.series;

/**
 * Evidence that comes in with each sample, from the first suspicion to the all-clear.
 *
 * <p>Page's cumulative sum (E. S. Page, "Continuous inspection schemes", Biometrika 41, 1954) over
 * log likelihood ratios. While nothing has changed, the expected number of samples until it reaches
 * {@code h} is at least {@code e^h} (G. Lorden, "Procedures for reacting to a change in
 * distribution", Annals of Mathematical Statistics 42, 1971), so {@code h = ln(samples a day /
 * false alarms a day)}. That holds for samples that are independent of each other. Real ones are
 * not, and bursts are what they are not: so the highest sum that a burst has reached and lost again
 * by itself is remembered, and a symptom has to be stronger than that.
 */
final class Episode {

  /** One sample says no more than this: nothing is proven by a single defect of a meter. */
  static final double MOST_OF_ONE = 9;

  /** How much stronger than the strongest burst of the past. */
  private static final double ABOVE_BURSTS = 1.25;

  /** The strongest burst is half forgotten after about a day. */
  private static final double HALF_LIFE_MILLIS = 86_400_000;

  /** It must have been calm for this long, and for three samples. */
  private static final long CALM_MILLIS = 120_000;

  private static final int CALM_SAMPLES = 3;

  /** More strength proves nothing more. */
  private static final double MAX_STRENGTH = 60;

  private double strength;
  private double highest;
  private double burst;
  private long sinceMillis;
  private long feltMillis;
  private boolean ill;
  private long illSinceMillis;
  private long lastFeltMillis;
  private int calmSamples;

  /** What a sample led to. */
  enum Turn {
    NONE,
    BEGAN,
    ENDED
  }

  /**
   * Takes what one sample says.
   *
   * @param logRatio log likelihood ratio of ill against well
   * @param coveredMillis length of the interval it was sampled over
   * @param wanted strength at which a symptom is proven
   * @param feltWanted for how long it must be felt, in milliseconds
   */
  Turn take(double logRatio, long atMillis, long coveredMillis, double wanted, long feltWanted) {
    burst *= Math.pow(0.5, coveredMillis / HALF_LIFE_MILLIS);
    if (strength == 0 && logRatio > 0) {
      sinceMillis = atMillis - coveredMillis;
      feltMillis = 0;
    }
    strength = Math.max(0, Math.min(MAX_STRENGTH, strength + Math.min(MOST_OF_ONE, logRatio)));
    highest = Math.max(highest, strength);
    if (logRatio > 0) {
      feltMillis += coveredMillis;
      lastFeltMillis = atMillis;
      calmSamples = 0;
    } else {
      calmSamples++;
    }
    return ill ? whileIll(atMillis) : whileWell(atMillis, wanted, feltWanted);
  }

  SeriesMemory.OfEpisode memory() {
    return new SeriesMemory.OfEpisode(
        strength,
        highest,
        burst,
        sinceMillis,
        feltMillis,
        ill,
        illSinceMillis,
        lastFeltMillis,
        calmSamples);
  }

  void restore(SeriesMemory.OfEpisode memory) {
    strength = memory.strength();
    highest = memory.highest();
    burst = memory.burst();
    sinceMillis = memory.sinceMillis();
    feltMillis = memory.feltMillis();
    ill = memory.ill();
    illSinceMillis = memory.illSinceMillis();
    lastFeltMillis = memory.lastFeltMillis();
    calmSamples = memory.calmSamples();
  }

  boolean ill() {
    return ill;
  }

  /** Nothing points to a symptom: what is measured now is what usual looks like. */
  boolean calm() {
    return !ill && strength == 0;
  }

  double strength() {
    return strength;
  }

  long sinceMillis() {
    return sinceMillis;
  }

  long illSinceMillis() {
    return illSinceMillis;
  }

  long lastFeltMillis() {
    return lastFeltMillis;
  }

  /** How strong a symptom has to be. */
  double wanted(double least) {
    return Math.max(least, Math.min(MAX_STRENGTH, ABOVE_BURSTS * burst));
  }

  /** Starts anew. */
  void reset() {
    strength = 0;
    highest = 0;
    feltMillis = 0;
    ill = false;
    calmSamples = 0;
  }

  private Turn whileWell(long atMillis, double wanted, long feltWanted) {
    if (strength >= wanted(wanted) && feltMillis >= feltWanted) {
      ill = true;
      illSinceMillis = atMillis;
      return Turn.BEGAN;
    }
    if (strength == 0) {
      burst = Math.max(burst, highest);
      highest = 0;
    }
    return Turn.NONE;
  }

  private Turn whileIll(long atMillis) {
    if (calmSamples < CALM_SAMPLES || atMillis - lastFeltMillis < CALM_MILLIS) {
      return Turn.NONE;
    }
    burst = Math.max(burst, Math.min(highest, shortLived()));
    reset();
    return Turn.ENDED;
  }

  /** A symptom that went by itself within minutes says how strong bursts are; others do not. */
  private double shortLived() {
    return lastFeltMillis - sinceMillis < CALM_MILLIS ? MAX_STRENGTH : 0;
  }
}
