package dev.switchgear.breaker.evidence;

/**
 * Decides between well and ill on a few probes: Wald's sequential probability ratio test (A. Wald,
 * "Sequential tests of statistical hypotheses", Annals of Mathematical Statistics 16, 1945) of a
 * share of bad calls that is accepted against one that is not worth returning to. Both errors are
 * bounded by {@code e^-}{@link #DECIDED}: about one in a hundred. Not thread-safe.
 */
public final class RecoveryTest {

  /** ln(100). */
  public static final double DECIDED = Math.log(100);

  /** As many good calls as a proof of health takes at the usual accepted share of a tenth. */
  private static final long LEAN_CALLS = 8;

  private final double perBad;
  private final double perGood;
  private long calls;
  private long bad;

  /**
   * A test with no evidence yet.
   *
   * @param acceptedShare share of bad calls of a healthy dependency; more than 0, less than 0.9
   */
  public RecoveryTest(double acceptedShare) {
    if (!(acceptedShare > 0 && acceptedShare < 0.9)) {
      throw new IllegalArgumentException(
          "acceptedShare: " + acceptedShare + " (expected: more than 0, less than 0.9)");
    }
    double ill = (1 + acceptedShare) / 2;
    perBad = Math.log(ill / acceptedShare);
    perGood = Math.log((1 - ill) / (1 - acceptedShare));
  }

  /** Takes calls, {@code badOnes} of them bad. */
  public void add(long more, long badOnes) {
    calls += more;
    bad += badOnes;
  }

  /** Proven well enough to go on. */
  public boolean well() {
    return logOdds() <= -DECIDED;
  }

  /** Proven too ill to go on. */
  public boolean ill() {
    return logOdds() >= DECIDED;
  }

  /** Not proven ill, but after enough calls more likely ill than well. */
  public boolean leansIll() {
    return calls >= LEAN_CALLS && logOdds() > 0;
  }

  public long calls() {
    return calls;
  }

  public long bad() {
    return bad;
  }

  /** Forgets all evidence. */
  public void reset() {
    calls = 0;
    bad = 0;
  }

  /** Natural logarithm of the odds of ill against well. */
  public double logOdds() {
    return bad * perBad + (calls - bad) * perGood;
  }
}
