package dev.switchgear.breaker.evidence;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Proves that more than an accepted share of calls is bad, after as few calls as the evidence
 * allows.
 *
 * <p>Page's cumulative sum (E. S. Page, "Continuous inspection schemes", Biometrika 41, 1954), once
 * for each of a few alternatives between the accepted share and certainty. Each bad call adds
 * {@code ln(p1/p0)}, each good one adds {@code ln((1-p1)/(1-p0))}, which is negative, and the sum
 * never falls below zero: so it forgets a healthy past by itself and needs no window. While the
 * share is the accepted one, the expected number of calls until one sum reaches {@code h} is at
 * least {@code e^h} (G. Lorden, "Procedures for reacting to a change in distribution", Annals of
 * Mathematical Statistics 42, 1971). With {@code k} alternatives and {@code n} calls a day, {@code
 * h = ln(k n / c)} therefore keeps false alarms below {@code c} a day, at five calls a minute as at
 * fifty thousand a second, and a dead dependency is found after about {@code h / ln(p1/p0)} calls:
 * a dozen.
 *
 * <p>A call may count as two bad ones. Adding {@code 2 ln(p1/p0)} for it would break the bound:
 * three such calls in a row would prove what takes nine others. What keeps it is a factor that is
 * linear in the weight {@code w} of a call: {@code 1 + (r - g)(w - p0)} with {@code r = p1/p0} and
 * {@code g = (1-p1)/(1-p0)}, which is {@code g} for a good call and {@code r} for a bad one, so
 * {@code 2r - g} for one that counts twice. Its mean is at most 1 as long as the mean weight is at
 * most {@code p0}, whatever the mixture, and that is all that the bound asks for.
 *
 * <p>Calls that arrive in one batch are taken in the order that is worst for an alarm, which keeps
 * the bound. A strength is capped, so that a long outage does not need as long a recovery. Not
 * thread-safe.
 */
public final class ExcessTest {

  /** No alternative is certainty itself: one good call must not be impossible under it. */
  private static final double HIGHEST_ALTERNATIVE = 0.95;

  /** e^60 calls to a false alarm is beyond any fleet; more strength proves nothing more. */
  private static final double MAX_STRENGTH = 60;

  /** Fewer calls a day than this are judged as if there were this many: one a minute. */
  private static final double MIN_CALLS_PER_DAY = 1_440;

  private static final int MILDEST = 0;

  private final double[] perBad;
  private final double[] perDouble;
  private final double[] perGood;
  private final Sum[] sums;
  private final Breakdown callers = new Breakdown();

  /**
   * One of the sums, with what it is the sum of: the calls since it was zero last. That moment is
   * Page's estimate of when the share of bad calls changed.
   *
   * @param strength at least 0; where it is 0, nothing points to this alternative
   * @param calls calls since it was zero; 0 where that is not known
   * @param bad how many of them were bad
   * @param twice how many of the bad ones counted as two
   * @param sinceMillis when the first of them was made
   */
  public record Sum(double strength, long calls, long bad, long twice, long sinceMillis) {

    /** Of a healthy past; every idle breaker has six of it. */
    private static final Sum NOTHING = new Sum(0, 0, 0, 0, 0);

    private Sum plus(double evidence, long more, long moreBad, long moreTwice, long fromMillis) {
      double sum = strength + evidence;
      if (sum <= 0) {
        return NOTHING;
      }
      return new Sum(
          Math.min(MAX_STRENGTH, sum),
          calls + more,
          bad + moreBad,
          twice + moreTwice,
          strength > 0 ? Math.min(sinceMillis, fromMillis) : fromMillis);
    }
  }

  /**
   * A test with no evidence yet.
   *
   * @param acceptedShare share of bad calls that is no symptom; more than 0, less than {@value
   *     #HIGHEST_ALTERNATIVE}
   */
  public ExcessTest(double acceptedShare) {
    if (!(acceptedShare > 0 && acceptedShare < HIGHEST_ALTERNATIVE)) {
      throw new IllegalArgumentException(
          "acceptedShare: "
              + acceptedShare
              + " (expected: more than 0, less than "
              + HIGHEST_ALTERNATIVE
              + ")");
    }
    double[] alternatives = alternatives(acceptedShare);
    perBad = Arrays.stream(alternatives).map(p -> Math.log(p / acceptedShare)).toArray();
    perGood =
        Arrays.stream(alternatives).map(p -> Math.log((1 - p) / (1 - acceptedShare))).toArray();
    perDouble = new double[alternatives.length];
    Arrays.setAll(perDouble, i -> Math.log(2 * Math.exp(perBad[i]) - Math.exp(perGood[i])));
    sums = new Sum[alternatives.length];
    Arrays.fill(sums, Sum.NOTHING);
  }

  /** A mild excess, a total outage, and the geometric middle of the two. */
  private static double[] alternatives(double acceptedShare) {
    double twice = Math.min(2 * acceptedShare, (acceptedShare + HIGHEST_ALTERNATIVE) / 2);
    double middle = Math.sqrt(twice * HIGHEST_ALTERNATIVE);
    return new double[] {twice, middle, HIGHEST_ALTERNATIVE};
  }

  /**
   * Takes a batch of calls, {@code bad} of them bad, of which {@code twice} count as two.
   *
   * @param fromMillis when the first of them was made
   */
  public void add(long more, long bad, long twice, long fromMillis) {
    add(more, bad, twice, fromMillis, null);
  }

  /** The same, and remembers whose calls they are while they are evidence. */
  public void add(long more, long bad, long twice, long fromMillis, @Nullable Caller caller) {
    for (int i = 0; i < sums.length; i++) {
      double ofBad = (bad - twice) * perBad[i] + twice * perDouble[i];
      double evidence = ofBad + (more - bad) * perGood[i];
      sums[i] = sums[i].plus(evidence, more, bad, twice, fromMillis);
    }
    if (longest().strength() == 0) {
      callers.clear();
    } else if (caller != null) {
      callers.add(caller, more, bad);
    }
  }

  /** Natural logarithm of the evidence against the accepted share, at least 0. */
  public double strength() {
    return strongest().strength();
  }

  /** The sum that says most. */
  public Sum strongest() {
    Sum strongest = sums[0];
    for (Sum each : sums) {
      strongest = each.strength() > strongest.strength() ? each : strongest;
    }
    return strongest;
  }

  /** The sum that goes back furthest: it is the last that good calls bring to zero. */
  public Sum longest() {
    return sums[MILDEST];
  }

  /** Whose calls that one is the sum of, where they were told. */
  public Breakdown callers() {
    return callers;
  }

  /**
   * The strength at which an alarm is due.
   *
   * @param callsPerDay how many calls there are to be wrong about
   * @param falseAlarmsPerDay how many false alarms are accepted, more than 0
   */
  public double strengthWanted(double callsPerDay, double falseAlarmsPerDay) {
    return Math.min(
        MAX_STRENGTH,
        Math.log(sums.length * Math.max(callsPerDay, MIN_CALLS_PER_DAY) / falseAlarmsPerDay));
  }

  /** Forgets all evidence. */
  public void reset() {
    Arrays.fill(sums, Sum.NOTHING);
    callers.clear();
  }

  /** The sums, to be kept. */
  public List<Sum> sums() {
    return List.of(sums);
  }

  /**
   * Continues from sums that {@link #sums} gave; ignored where they belong to another number of
   * alternatives.
   */
  public void restore(List<Sum> kept) {
    for (int i = 0; i < sums.length && kept.size() == sums.length; i++) {
      sums[i] = kept.get(i).strength() > 0 ? kept.get(i) : Sum.NOTHING;
    }
  }
}
