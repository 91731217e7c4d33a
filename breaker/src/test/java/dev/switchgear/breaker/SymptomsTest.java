package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.BreakerPolicy.Errors;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What trips a breaker, what does not, and what brings it back. */
class SymptomsTest {

  private static final long SLOW = 5_000_000_000L;

  @Test
  void oneErrorAtNightNeverTrips() {
    Machine machine = new Machine();
    for (int night = 0; night < 30; night++) {
      machine.run(1, Samples.bad(1));
      machine.now += 3_600_000;
      machine.run(5, Samples.good(1));
      machine.now += 3_600_000;
    }
    assertThat(machine.transitions).isEmpty();
  }

  @Test
  void atFiveCallsAMinuteADeadDependencyTripsWithinADozenCalls() {
    Machine machine = new Machine();
    int calls = 0;
    while (machine.state() instanceof Closed && calls < 13) {
      machine.now += 12_000 - Samples.INTERVAL;
      machine.run(1, Samples.bad(1));
      calls++;
    }
    assertThat(machine.state()).isInstanceOf(Open.class);
  }

  @Test
  void failuresThatTheAcceptedShareCoversNeverTrip() {
    Machine machine = new Machine();
    machine.run(2_000, Samples.good(45).andBad(5));
    assertThat(machine.transitions).isEmpty();
  }

  @Test
  void aSymptomThatIsAlreadyOverIsNone() {
    Machine machine = new Machine();
    machine.run(40, Samples.good(1_000));
    machine.now += 250;
    machine.observe(Samples.bad(12).andGood(200).ofEpoch(0));
    assertThat(machine.transitions).isEmpty();
  }

  @Test
  void ignoredErrorsNeitherTripNorCountNorAreNamed() {
    Machine machine =
        new Machine(Policies.with(new Errors(0.1, Set.of("not-found"), Set.of()), 0.001));
    for (int i = 0; i < 40; i++) {
      machine.now += 250;
      machine.observe("checkout", Map.of("not-found", 2L), List.of());
    }
    assertThat(machine.transitions).isEmpty();
    for (int i = 0; i < 40 && machine.transitions.isEmpty(); i++) {
      machine.now += 250;
      machine.observe("checkout", Map.of("not-found", 1L, "timeout", 1L), List.of());
    }
    Transition opened = machine.transitions.get(0);
    assertThat(opened.reason()).endsWith("mostly timeout");
    assertThat(opened.totals().errors()).isLessThan(opened.totals().calls() * 3 / 4);
  }

  @Test
  void theTransitionSaysWhatLedToIt() {
    Machine machine = Machine.open();
    Transition opened = machine.transitions.get(0);
    Symptom symptom = opened.symptom().orElseThrow();
    assertThat(symptom.kind()).isEqualTo(Symptom.Kind.ERRORS);
    assertThat(symptom.strength()).isGreaterThanOrEqualTo(symptom.strengthWanted());
    assertThat(opened.totals().errors()).isEqualTo(symptom.bad());
    assertThat(opened.details().badByService()).containsEntry("checkout", symptom.bad());
    assertThat(opened.reason())
        .matches("\\d+ of \\d+ calls failed in \\d.\\d s \\(10.0 % accepted\\): mostly timeout");
  }

  @Test
  void theSymptomCountsFromWhereItsEvidenceBegan_notOnlyTheNewestSecond() {
    Machine machine = new Machine();
    machine.run(400, Samples.good(1));
    long began = machine.now;
    while (machine.transitions.isEmpty()) {
      machine.run(4, Samples.good(1));
      machine.run(4, Samples.bad(1));
    }
    Symptom symptom = machine.transitions.get(0).symptom().orElseThrow();
    Symptom.Excess excess = (Symptom.Excess) symptom.test();

    assertThat(symptom.bad()).isGreaterThan(8);
    assertThat(symptom.calls()).isGreaterThan(symptom.bad());
    assertThat(excess.sinceMillis()).isBetween(began, began + 2_000);
    assertThat(excess.recentCalls()).isLessThan(symptom.calls());
  }

  @Test
  void afterARestartHalfwayThroughTheEvidence_theSymptomCountsAllOfIt() {
    Machine steady = new Machine();
    Machine restarted = new Machine();
    for (Machine each : List.of(steady, restarted)) {
      each.run(40, Samples.good(10));
      each.run(1, Samples.bad(4));
    }
    restarted.restart();
    for (Machine each : List.of(steady, restarted)) {
      each.run(8, Samples.bad(4));
    }

    assertThat(restarted.transitions.get(0).symptom().orElseThrow().bad())
        .isEqualTo(steady.transitions.get(0).symptom().orElseThrow().bad())
        .isGreaterThan(4);
  }

  @Test
  void aSymptomJudgedAgainFromItsNumbersIsTheSame() {
    Machine machine = Machine.recovering();
    machine.run(4, Samples.bad(25));
    List<Symptom> symptoms =
        machine.transitions.stream().flatMap(each -> each.symptom().stream()).toList();

    assertThat(symptoms).hasSize(2);
    for (Symptom symptom : symptoms) {
      Symptom again = symptom.judgedAgain();
      assertThat(again.isProven()).isTrue();
      assertThat(again.strength()).isCloseTo(symptom.strength(), within(1e-9));
      assertThat(again.strengthWanted()).isEqualTo(symptom.strengthWanted());
    }
  }

  @Test
  void aSymptomWhoseNumbersWereTamperedWithIsNotProven() {
    Symptom symptom = Machine.open().transitions.get(0).symptom().orElseThrow();
    Symptom tampered =
        new Symptom(
            symptom.kind(),
            symptom.calls() * 20,
            symptom.bad(),
            symptom.acceptedShare(),
            symptom.strength(),
            symptom.strengthWanted(),
            symptom.detail(),
            symptom.suspects(),
            symptom.test());

    assertThat(tampered.judgedAgain().isProven()).isFalse();
  }

  @Test
  void whenRecovering_aLongHealthyPastDoesNotHideAnOutage() {
    BreakerPolicy slowRamp =
        Policies.with(new BreakerPolicy.Ramp(List.of(2_500), Duration.ofHours(1)));
    Machine machine = Machine.recovering();
    machine.adopt(slowRamp);
    machine.command(Command.Kind.HOLD_OPEN, machine.now, machine.now + 1_000);
    machine.pass(1_000);
    machine.run(1, Samples.good(8).andRefused(25));
    assertThat(machine.state()).isInstanceOf(Recovering.class);
    machine.run(4_000, Samples.good(25));
    assertThat(machine.state()).isInstanceOf(Recovering.class);
    machine.run(2, Samples.bad(25));
    assertThat(machine.state()).isInstanceOf(Open.class);
  }

  @Test
  void whenRecovering_mildIllnessGoesOneStepBack() {
    Machine machine = Machine.recovering();
    machine.run(8, Samples.good(25));
    assertThat(machine.state().admittedShare()).isEqualTo(5_000);
    machine.run(1, Samples.good(12).andBad(5));
    machine.pass(2_000);
    assertThat(machine.state().admittedShare()).isEqualTo(2_500);
  }

  @Test
  void whenProbing_threeFailuresOpenForLonger() {
    Machine machine = Machine.probing();
    long first = length(machine.transitions.get(0));
    machine.run(1, Samples.bad(3));
    assertThat(machine.state()).isInstanceOf(Open.class);
    assertThat(length(machine.transitions.get(2))).isGreaterThan(first * 3 / 2);
  }

  @Test
  void whenItFallsOverRightAfterClosing_thatCountsAsAFailedRecovery() {
    Machine machine = Machine.recovering();
    while (!(machine.state() instanceof Closed)) {
      machine.run(1, Samples.good(25));
    }
    machine.run(4, Samples.bad(25));
    assertThat(((Open) machine.state()).failedRecoveries()).isEqualTo(1);
  }

  @Test
  void slowCallsTripOnceItIsKnownWhatIsNormal() {
    Machine machine = new Machine();
    machine.run(4, Samples.good(25).taking(SLOW));
    assertThat(machine.transitions).isEmpty();
    machine = new Machine();
    machine.run(40, Samples.good(25));
    machine.run(4, Samples.good(25).taking(SLOW));
    assertThat(machine.state()).isInstanceOf(Open.class);
    assertThat(machine.transitions.get(0).symptom().orElseThrow().kind())
        .isEqualTo(Symptom.Kind.SLOWNESS);
  }

  @Test
  void aDependencyThatIsAlwaysSlowIsWell() {
    Machine machine = new Machine();
    machine.run(400, Samples.good(25).taking(SLOW));
    assertThat(machine.transitions).isEmpty();
    assertThat(machine.breaker.recommendedTimeoutNanos().orElseThrow()).isGreaterThan(SLOW);
  }

  @Test
  void theBaselineLearnsAlsoWhereAFewCallsAlwaysFail() {
    Machine machine = new Machine();
    machine.run(10, Samples.good(99).andBad(1));
    assertThat(machine.breaker.recommendedTimeoutNanos()).isPresent();
  }

  @Test
  void theBaselineLearnsNothingFromAnOutage() {
    Machine machine = new Machine();
    machine.run(40, Samples.good(25));
    double healthy = machine.breaker.recommendedTimeoutNanos().orElseThrow();
    machine.run(4, Samples.bad(25).taking(SLOW));
    machine.run(40, Samples.good(2).taking(SLOW));
    assertThat(machine.breaker.recommendedTimeoutNanos()).contains(healthy);
  }

  @Test
  void aBreakerNobodyHasSeenJudgesFromTheFirstSampleOn() {
    Machine machine = new Machine();
    machine.observeAsSent(Samples.bad(25).endingAt(machine.now - 1_000));
    assertThat(machine.state()).isInstanceOf(Open.class);
  }

  @Test
  void whichNamesAreToldApartDoesNotDependOnTheOrderOfAMap() {
    Machine machine = new Machine();
    Map<String, Long> many = new LinkedHashMap<>();
    for (int i = 30; i > 9; i--) {
      many.put("e" + i, 1L);
    }
    machine.now += 250;
    Samples bad = Samples.bad(21).ofEpoch(0).endingAt(machine.now);
    CallSample plain = bad.build();
    CallSample sample =
        new CallSample(
            plain.service(),
            plain.instance(),
            plain.fromMillis(),
            plain.toMillis(),
            0,
            21,
            many,
            0,
            plain.latencyNanos(),
            List.of());
    Transition opened = machine.breaker.observe(sample, machine.now).transition().orElseThrow();
    assertThat(opened.details().errors())
        .containsKeys("e10", "e25")
        .doesNotContainKey("e26")
        .containsEntry("*", 5L);
    assertThat(opened.reason()).endsWith("mostly *");
  }

  private static long length(Transition opened) {
    return opened.to().untilMillis() - opened.atMillis();
  }
}
