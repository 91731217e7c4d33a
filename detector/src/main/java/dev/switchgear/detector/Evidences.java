package dev.switchgear.detector;

import dev.switchgear.breaker.Symptom;
import dev.switchgear.breaker.Transition;
import dev.switchgear.breaker.evidence.Dimension;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.schemas.Deployment;
import dev.switchgear.schemas.Evidence;
import dev.switchgear.schemas.InputOffset;
import dev.switchgear.schemas.Suspect;
import dev.switchgear.schemas.SuspectDimension;
import dev.switchgear.schemas.SymptomTest;
import java.util.List;
import java.util.Optional;

/** What led to a transition, as it is published: enough to explain it, and to judge it again. */
final class Evidences {

  private Evidences() {}

  @SuppressWarnings("NullAway") // The generated setters take null where the schema does.
  static Evidence of(
      Transition transition,
      BreakerPolicy policy,
      List<InputOffset> inputs,
      Optional<Deployment> deployment) {
    Evidence.Builder evidence = Evidence.newBuilder();
    putWindow(evidence, transition, policy);
    putProof(evidence, transition.symptom());
    return evidence
        .setEpochFromMillis(transition.sinceMillis())
        .setEpochCalls(transition.probed().calls())
        .setEpochFailed(transition.probed().failed())
        .setEpochSlow(transition.probed().slow())
        .setEpochUntimed(transition.probed().untimed())
        .setAcceptedErrors(policy.errors().acceptedShare())
        .setAcceptedSlow(policy.slowness().acceptedShare())
        .setFalseTripsPerDay(policy.falseTripsPerDay())
        .setInputs(inputs)
        .setSuspects(suspects(transition))
        .setDeployment(deployment.orElse(null))
        .build();
  }

  /**
   * Calls, failed and slow ones and refusals are those of the newest stretch, which had to agree.
   * Latencies, error types and callers are those of the epoch, at most its last minute.
   */
  private static void putWindow(
      Evidence.Builder evidence, Transition transition, BreakerPolicy policy) {
    evidence
        .setFromMillis(transition.atMillis() - policy.windows().agree().toMillis())
        .setToMillis(transition.atMillis())
        .setCalls(transition.totals().calls())
        .setFailed(transition.totals().errors())
        .setSlow(transition.totals().slow())
        .setRefusals(transition.totals().refusals())
        .setUntimed(transition.totals().untimed())
        .setErrors(transition.details().errors())
        .setLatencyNanos(Histograms.record(transition.details().latencyNanos()))
        .setBadByService(transition.details().badByService())
        .setCallsByService(transition.details().callsByService())
        .setExemplars(transition.details().exemplars());
  }

  private static void putProof(Evidence.Builder evidence, Optional<Symptom> proven) {
    evidence.setTest(SymptomTest.NONE);
    proven.ifPresent(symptom -> putProof(evidence, symptom));
  }

  private static void putProof(Evidence.Builder evidence, Symptom symptom) {
    evidence
        .setTest(SymptomTest.RECOVERY)
        .setObjective(symptom.acceptedShare())
        .setStrength(symptom.strength())
        .setStrengthWanted(symptom.strengthWanted())
        .setSinceCalls(symptom.calls())
        .setSinceBad(symptom.bad());
    if (symptom.test() instanceof Symptom.Excess excess) {
      evidence
          .setTest(SymptomTest.EXCESS)
          .setSinceMillis(excess.sinceMillis())
          .setSinceTwice(excess.twice())
          .setCallsPerDay(excess.callsPerDay());
    } else if (symptom.test() instanceof Symptom.Series series) {
      evidence
          .setTest(SymptomTest.SERIES)
          .setSinceMillis(series.sinceMillis())
          .setMeasure(series.measure())
          .setValue(series.value())
          .setUsual(series.usual());
    }
  }

  private static List<Suspect> suspects(Transition transition) {
    return transition.symptom().stream()
        .flatMap(symptom -> symptom.suspects().stream())
        .map(Evidences::record)
        .toList();
  }

  private static Suspect record(dev.switchgear.breaker.evidence.Suspect suspect) {
    return Suspect.newBuilder()
        .setDimension(dimension(suspect.dimension()))
        .setValue(suspect.value())
        .setCalls(suspect.calls())
        .setBad(suspect.bad())
        .setOtherCalls(suspect.otherCalls())
        .setOtherBad(suspect.otherBad())
        .setFirstSeenMillis(suspect.firstSeenMillis())
        .setStrength(suspect.strength())
        .build();
  }

  private static SuspectDimension dimension(Dimension dimension) {
    return switch (dimension) {
      case VERSION -> SuspectDimension.VERSION;
      case SERVICE -> SuspectDimension.SERVICE;
      case INSTANCE -> SuspectDimension.INSTANCE;
      case ZONE -> SuspectDimension.ZONE;
      case REGION -> SuspectDimension.REGION;
    };
  }
}
