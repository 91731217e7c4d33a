package dev.switchgear.breaker;

import dev.switchgear.breaker.evidence.ExcessTest;
import dev.switchgear.breaker.evidence.RecoveryTest;
import dev.switchgear.breaker.evidence.Suspect;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;

/**
 * Something users feel, with the numbers that prove it.
 *
 * @param kind what is felt
 * @param calls calls since the evidence began; where slowness is felt, those that were timed
 * @param bad how many of them failed or were slow
 * @param acceptedShare the share the policy accepts, 0..1
 * @param strength natural logarithm of the evidence
 * @param strengthWanted how strong it had to be
 * @param detail what the bad calls have in common, in a few words; may be empty
 * @param suspects whose calls stand out, the likeliest culprit first; may be empty
 * @param test how it was proven
 */
public record Symptom(
    Kind kind,
    long calls,
    long bad,
    double acceptedShare,
    double strength,
    double strengthWanted,
    String detail,
    List<Suspect> suspects,
    Test test) {

  public Symptom {
    suspects = List.copyOf(suspects);
  }

  /** How a symptom was proven, with whatever else the proof rests on. */
  public sealed interface Test {}

  /**
   * By the test of an excess ({@link ExcessTest}), on traffic that is not rationed.
   *
   * @param sinceMillis when the evidence began: the first call since its sum was zero
   * @param atMillis when it was enough
   * @param twice how many of the bad calls counted as two
   * @param recentCalls calls of the newest stretch, which had to agree; timed ones as above
   * @param recentBad how many of them were bad
   * @param callsPerDay the demand: how often the test may be wrong
   * @param falseTripsPerDay how often it may be wrong by policy
   */
  public record Excess(
      long sinceMillis,
      long atMillis,
      long twice,
      long recentCalls,
      long recentBad,
      double callsPerDay,
      double falseTripsPerDay)
      implements Test {}

  /** By the test of recovery ({@link RecoveryTest}), on the calls of the epoch. */
  public record Recovery() implements Test {}

  /**
   * By a measure that is no longer what it usually is ({@link dev.switchgear.breaker.series}); no
   * single call shows it.
   *
   * @param measure such as {@code calls_per_second}
   * @param value as it was when that was proven
   * @param usual what it usually is, or its limit
   * @param sinceMillis since when it has been felt
   */
  public record Series(String measure, double value, double usual, long sinceMillis)
      implements Test {}

  /** What users feel. */
  public enum Kind {
    ERRORS("failed"),
    SLOWNESS("were slow"),
    /** Far fewer calls than usual. */
    THROUGHPUT_DROP("are missing"),
    /** Hardly any calls where there always are some. */
    SILENCE("are missing"),
    SATURATION("saturated"),
    QUEUE_GROWTH("wait");

    private final String verb;

    Kind(String verb) {
      this.verb = verb;
    }
  }

  /** A symptom that no single call shows. */
  public static Symptom ofSeries(Kind kind, Series series, double strength, double strengthWanted) {
    return new Symptom(kind, 0, 0, 0, strength, strengthWanted, "", List.of(), series);
  }

  /**
   * The same numbers, judged again: strength and what was wanted of it as the tests of this program
   * find them. Where they differ from what was found at the time, the program has changed, or the
   * numbers have. What a measure showed stays as it is: its past is not among the numbers.
   */
  public Symptom judgedAgain() {
    if (test instanceof Series) {
      return this;
    }
    if (test instanceof Excess excess) {
      ExcessTest again = new ExcessTest(acceptedShare);
      again.add(calls, bad, excess.twice(), excess.sinceMillis());
      return found(
          again.strength(), again.strengthWanted(excess.callsPerDay(), excess.falseTripsPerDay()));
    }
    RecoveryTest again = new RecoveryTest(acceptedShare);
    again.add(calls, bad);
    return found(again.logOdds(), RecoveryTest.DECIDED);
  }

  /** Whether the numbers prove it. */
  public boolean isProven() {
    boolean agrees =
        !(test instanceof Excess excess)
            || excess.recentBad() > acceptedShare * excess.recentCalls();
    return strength >= strengthWanted && agrees;
  }

  /** The same, with what its bad calls have in common, and who stands out. */
  Symptom with(String otherDetail, List<Suspect> others) {
    return new Symptom(
        kind, calls, bad, acceptedShare, strength, strengthWanted, otherDetail, others, test);
  }

  private Symptom found(double anotherStrength, double anotherWanted) {
    return new Symptom(
        kind, calls, bad, acceptedShare, anotherStrength, anotherWanted, detail, suspects, test);
  }

  /** One line for people. */
  public String describe() {
    if (test instanceof Series series) {
      return String.format(
          Locale.ROOT,
          "%s: %s is %s, %s is %s",
          kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
          series.measure().replace('_', ' '),
          figure(series.value()),
          kind == Kind.SATURATION ? "the limit" : "usual",
          figure(series.usual()));
    }
    String numbers =
        String.format(
            Locale.ROOT,
            "%d of %d calls %s%s (%.3g %% accepted)",
            bad,
            calls,
            kind.verb,
            within(),
            acceptedShare * 100);
    return detail.isEmpty() ? numbers : numbers + ": " + detail;
  }

  private static String figure(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(3));
    return rounded.stripTrailingZeros().toPlainString();
  }

  private String within() {
    return test instanceof Excess excess
        ? String.format(Locale.ROOT, " in %.1f s", (excess.atMillis() - excess.sinceMillis()) / 1e3)
        : "";
  }
}
