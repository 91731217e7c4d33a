package dev.switchgear.console.view;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.Symptom;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.Evidence;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.SymptomKind;
import java.util.List;
import java.util.Locale;

/**
 * A move judged again: the numbers that were published with it, given to the code that this program
 * has for the brain.
 *
 * @param result whether it comes to the same
 * @param detail what was found, in words
 */
public record Recount(Result result, String detail) {

  /** How a recount ends. */
  public enum Result {
    AGREES,
    DIFFERS,
    /** A person or the clock decided: there is no verdict. */
    NO_VERDICT,
    /** Published by a detector that did not yet tell enough. */
    UNKNOWN
  }

  /** Sums of thousands of logarithms come to the same only about so far. */
  private static final double TOLERANCE = 1e-6;

  /** Judges it again. */
  public static Recount of(BreakerTransition move) {
    Evidence evidence = move.getEvidence();
    if (move.getWho() != null) {
      return new Recount(Result.NO_VERDICT, "an operator decided");
    }
    return switch (evidence.getTest()) {
      case UNKNOWN -> new Recount(Result.UNKNOWN, "its detector did not tell enough for that");
      case EXCESS -> ofSymptom(move, excess(move));
      case RECOVERY -> ofSymptom(move, new Symptom.Recovery());
      case SERIES -> new Recount(Result.NO_VERDICT, "what a measure usually is decided");
      case NONE -> isProven(move) ? ofHealth(evidence) : noVerdict();
    };
  }

  private static Recount noVerdict() {
    return new Recount(Result.NO_VERDICT, "the time, the demand or the policy decided");
  }

  /** Only calls lead from probes to the ramp, up and down the ramp, and off its end. */
  private static boolean isProven(BreakerTransition move) {
    boolean ramp = move.getFrom() == State.PROBING || move.getFrom() == State.RECOVERING;
    boolean further = move.getTo() == State.RECOVERING || move.getTo() == State.CLOSED;
    return ramp && further;
  }

  private static Symptom.Excess excess(BreakerTransition move) {
    Evidence evidence = move.getEvidence();
    boolean slow = move.getSymptom() == SymptomKind.SLOWNESS;
    return new Symptom.Excess(
        evidence.getSinceMillis(),
        evidence.getToMillis(),
        evidence.getSinceTwice(),
        slow ? evidence.getCalls() - evidence.getUntimed() : evidence.getCalls(),
        slow ? evidence.getSlow() : evidence.getFailed(),
        evidence.getCallsPerDay(),
        evidence.getFalseTripsPerDay());
  }

  private static Recount ofSymptom(BreakerTransition move, Symptom.Test test) {
    Evidence evidence = move.getEvidence();
    boolean slow = move.getSymptom() == SymptomKind.SLOWNESS;
    Symptom again =
        new Symptom(
                slow ? Symptom.Kind.SLOWNESS : Symptom.Kind.ERRORS,
                evidence.getSinceCalls(),
                evidence.getSinceBad(),
                evidence.getObjective(),
                evidence.getStrength(),
                evidence.getStrengthWanted(),
                "",
                List.of(),
                test)
            .judgedAgain();
    String found =
        String.format(
            Locale.ROOT, "strength %.1f of %.1f wanted", again.strength(), again.strengthWanted());
    boolean same =
        again.isProven()
            && near(again.strength(), evidence.getStrength())
            && near(again.strengthWanted(), evidence.getStrengthWanted());
    String verdict = again.isProven() ? ", a symptom" : ", no symptom";
    return new Recount(same ? Result.AGREES : Result.DIFFERS, found + verdict);
  }

  private static Recount ofHealth(Evidence evidence) {
    Breaker.Probed probed =
        new Breaker.Probed(
            evidence.getEpochCalls(),
            evidence.getEpochFailed(),
            evidence.getEpochSlow(),
            evidence.getEpochUntimed());
    double errors = evidence.getAcceptedErrors();
    double slow = evidence.getAcceptedSlow();
    String timed = probed.untimed() == 0 ? "" : " of " + probed.timed() + " timed";
    String of =
        "%d calls, %d failed, %d%s slow: "
            .formatted(probed.calls(), probed.failed(), probed.slow(), timed);
    if (probed.isWell(errors, slow)) {
      return new Recount(Result.AGREES, of + "proven well");
    } else if (probed.leansIll(errors, slow)) {
      return new Recount(Result.AGREES, of + "leaning ill");
    }
    return new Recount(Result.DIFFERS, of + "not enough to tell");
  }

  private static boolean near(double one, double other) {
    return Math.abs(one - other) <= TOLERANCE * Math.max(1, Math.abs(other));
  }
}
