package dev.switchgear.detector;

import static dev.switchgear.detector.Observations.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.detector.policy.PolicyFile;
import dev.switchgear.detector.policy.WrittenPolicy;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.CommandKind;
import dev.switchgear.schemas.Deployment;
import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.Histogram;
import dev.switchgear.schemas.Lane;
import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Suspect;
import dev.switchgear.schemas.SuspectDimension;
import dev.switchgear.schemas.SymptomKind;
import dev.switchgear.schemas.SymptomTest;
import dev.switchgear.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgeTest {

  /** Others run the same tests in another lab. */
  Lab begun(Lab lab) {
    return lab;
  }

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long HOUR = Duration.ofHours(1).toMillis();

  @TempDir private Path directory = Path.of("");

  private Lab lab = begun(new Lab());

  @AfterEach
  void close() {
    lab.close();
  }

  private Lab replaceLab(Lab other) {
    lab.close();
    lab = other;
    return other;
  }

  private List<WrittenPolicy> policies(String yaml) throws IOException {
    return PolicyFile.read(Files.writeString(directory.resolve("p.yaml"), yaml));
  }

  @Test
  void oneSickInstance_opensNothing_andIsCounted() {
    for (int quarter = 1; quarter <= 200; quarter++) {
      lab.pass(Duration.ofMillis(Observations.INTERVAL_MILLIS));
      boolean sick = quarter > 40;
      lab.observe(
          (sick
                  ? Observations.bad(25, 0, quarter, lab.now)
                  : Observations.good(25, 0, quarter, lab.now))
              .build());
      lab.observe(Observations.good(25, 0, quarter, lab.now).setInstance("checkout-2").build());
    }

    assertThat(lab.transitions).isEmpty();
    assertThat(lab.metric("one-caller-symptoms-total")).isEqualTo(1);
    assertThat(lab.metric("one-caller-suspects-total")).isEqualTo(1);
  }

  @Test
  void aVersionThatBeganMinutesBefore_isNamedInReasonAndEvidence() {
    for (int quarter = 1; quarter <= 400; quarter++) {
      lab.pass(Duration.ofMillis(Observations.INTERVAL_MILLIS));
      version("1.4.1", "checkout-1", quarter, 0);
      version(quarter > 200 ? "1.4.2" : "1.4.1", "checkout-2", quarter, quarter > 390 ? 25 : 0);
      version(quarter > 200 ? "1.4.2" : "1.4.1", "checkout-3", quarter, quarter > 390 ? 25 : 0);
    }

    BreakerTransition opened = lab.transitions.get(0);
    assertThat(opened.getReason()).endsWith("; all in checkout 1.4.2, first seen 47 s ago");
    Suspect suspect = opened.getEvidence().getSuspects().get(0);
    assertThat(suspect.getDimension()).isEqualTo(SuspectDimension.VERSION);
    assertThat(suspect.getValue()).isEqualTo("checkout 1.4.2");
    assertThat(suspect.getBad()).isEqualTo(suspect.getCalls()).isPositive();
    assertThat(suspect.getOtherCalls()).isPositive();
    assertThat(suspect.getOtherBad()).isZero();
    assertThat(opened.getAtMillis() - suspect.getFirstSeenMillis()).isBetween(47_000L, 49_000L);
    assertThat(suspect.getStrength()).isGreaterThan(Math.log(1_000));
  }

  @Test
  void aDependencyOfWhichAnotherVersionBeganToRunMinutesBefore_isNamedByIt() {
    runs("payments-1", "2.3.0", lab.now - 86_400_000);
    runs("payments-2", "2.3.0", lab.now - 86_400_000);
    runs("payments-3", "2.3.1", lab.now - 240_000);

    lab.open();

    BreakerTransition opened = lab.transitions.get(0);
    Deployment deployment = opened.getEvidence().getDeployment();
    assertThat(opened.getReason()).endsWith("; payments 2.3.1 began 4 min before, on 1 of 3");
    assertThat(lab.last().getReason()).isEqualTo(opened.getReason());
    assertThat(deployment.getVersion()).isEqualTo("2.3.1");
    assertThat(deployment.getInstances()).isEqualTo(3);
    assertThat(deployment.getOfThisVersion()).isEqualTo(1);
  }

  @Test
  void aDependencyOfWhichAllInstancesWereStartedAnew_isNotNamedByItsVersion() {
    runs("payments-1", "2.3.0", lab.now - 60_000);
    runs("payments-2", "2.3.0", lab.now - 60_000);
    runs("search-1", "7", lab.now - 60_000);

    lab.open();

    assertThat(lab.transitions.get(0).getEvidence().getDeployment()).isNull();
  }

  @Test
  void aDependencyThatWentBackToAnOlderVersion_isNamedByIt() {
    runs("payments-1", "2.3.1", lab.now - 600_000);
    lab.pass(Duration.ofMinutes(1));
    runs("payments-2", "2.3.0", lab.now - 10_000);
    runs("payments-3", "2.3.0", lab.now - 5_000);

    lab.open();

    String reason = lab.transitions.get(0).getReason();
    assertThat(reason).contains("; payments 2.3.0 began ").endsWith(" before, on 2 of 2");
  }

  @Test
  void aDependencyThatRunsAnotherVersionForHours_isNotNamedByIt() {
    runs("payments-1", "2.3.0", lab.now - 86_400_000);
    runs("payments-2", "2.3.1", lab.now - 3_600_000);

    lab.open();

    assertThat(lab.transitions.get(0).getEvidence().getDeployment()).isNull();
  }

  private void runs(String instance, String version, long startedMillis) {
    lab.beat(
        Heartbeat.newBuilder()
            .setRole("guard")
            .setInstance(instance)
            .setService(instance.substring(0, instance.indexOf('-')))
            .setVersion(version)
            .setAtMillis(lab.now)
            .setStartedAtMillis(startedMillis)
            .build());
  }

  private void version(String version, String instance, long sequence, long failed) {
    lab.observe(
        (failed > 0
                ? Observations.bad(25, 0, sequence, lab.now)
                : Observations.good(25, 0, sequence, lab.now))
            .setInstance(instance)
            .setServiceVersion(version)
            .build());
  }

  @Test
  void aBreakerThatIsCalledForTheFirstTimeIsPublishedAsClosed() {
    lab.good(1);

    assertThat(lab.states).hasSize(1);
    BreakerState state = lab.last();
    assertThat(state.getBreaker()).isEqualTo(BREAKER);
    assertThat(state.getState()).isEqualTo(State.CLOSED);
    assertThat(state.getEpoch()).isZero();
    assertThat(state.getAdmittedShare()).isEqualTo(10_000);
    assertThat(state.getRetryAfterMillis()).isZero();
    assertThat(state.getRecommendedTimeoutMillis()).isNull();
    assertThat(state.getUntilMillis()).isZero();
    assertThat(state.getDecidedAtMillis()).isEqualTo(lab.now);
    assertThat(lab.transitions).isEmpty();
  }

  @Test
  void whenEveryCallFails_itOpens_andSaysWhy() {
    lab.good(25);
    lab.open();

    BreakerState state = lab.last();
    assertThat(state.getState()).isEqualTo(State.OPEN);
    assertThat(state.getEpoch()).isEqualTo(1);
    assertThat(state.getAdmittedShare()).isZero();
    assertThat(state.getReason()).contains("calls failed", "mostly IOException");
    assertThat(state.getExemplars()).containsExactly(Observations.TRACE);
    assertThat(state.getUntilMillis()).isGreaterThan(lab.now);
    assertThat(state.getRetryAfterMillis())
        .isEqualTo((int) (state.getUntilMillis() - state.getDecidedAtMillis()));
    BreakerTransition transition = lab.transitions.get(0);
    assertThat(transition.getFrom()).isEqualTo(State.CLOSED);
    assertThat(transition.getTo()).isEqualTo(State.OPEN);
    assertThat(transition.getEpoch()).isEqualTo(1);
    assertThat(transition.getSymptom()).isEqualTo(SymptomKind.ERRORS);
    assertThat(transition.getReason()).isEqualTo(state.getReason());
    assertThat(transition.getWho()).isNull();
    assertEvidence(transition);
  }

  @Test
  void whenCallsAreSlow_ofWhichAPartWasTimed_itOpens_andSaysHowManyWereNot() {
    for (int i = 0; i < 8; i++) {
      lab.pass(Duration.ofMillis(Observations.INTERVAL_MILLIS));
      lab.observe(timed(16_000, 1_000, 20e6, i));
    }
    lab.pass(Duration.ofMillis(Observations.INTERVAL_MILLIS));
    lab.observe(timed(16_000, 1_000, 3e9, 8));

    BreakerTransition opened = lab.transitions.get(0);
    var evidence = opened.getEvidence();
    assertThat(opened.getSymptom()).isEqualTo(SymptomKind.SLOWNESS);
    assertThat(evidence.getSinceCalls()).isEqualTo(1_000);
    assertThat(evidence.getSinceBad()).isEqualTo(1_000);
    assertThat(evidence.getUntimed()).isEqualTo(evidence.getCalls() / 16 * 15);
    assertThat(evidence.getEpochUntimed()).isEqualTo(9 * 15_000);
    assertThat(evidence.getBadByService()).containsEntry("checkout", 16_000L);
  }

  private Observation timed(long calls, long timed, double nanos, long sequence) {
    ExponentialHistogram latency = ExponentialHistogram.empty();
    latency.record(nanos, timed);
    return Observations.good(calls, 0, sequence, lab.now)
        .setLatencyNanos(Histograms.record(latency))
        .build();
  }

  private static void assertEvidence(BreakerTransition transition) {
    var evidence = transition.getEvidence();
    assertThat(evidence.getCalls()).isPositive();
    assertThat(evidence.getErrors()).containsOnlyKeys("IOException");
    assertThat(evidence.getBadByService()).containsOnlyKeys("checkout");
    assertThat(evidence.getCallsByService().get("checkout"))
        .isGreaterThan(evidence.getBadByService().get("checkout"));
    assertThat(Histograms.of(evidence.getLatencyNanos()).count()).isPositive();
    assertThat(evidence.getStrength()).isGreaterThanOrEqualTo(evidence.getStrengthWanted());
    assertThat(evidence.getStrengthWanted()).isPositive();
    assertThat(evidence.getTest()).isEqualTo(SymptomTest.EXCESS);
    assertThat(evidence.getSinceBad()).isPositive().isEqualTo(evidence.getSinceCalls());
    assertThat(evidence.getSinceMillis()).isBetween(Lab.START, transition.getAtMillis());
    assertThat(evidence.getFalseTripsPerDay()).isEqualTo(0.001);
    assertThat(evidence.getCallsPerDay()).isPositive();
    assertThat(evidence.getObjective()).isEqualTo(0.1);
    assertThat(evidence.getExemplars()).containsExactly(Observations.TRACE);
    assertThat(evidence.getToMillis()).isEqualTo(transition.getAtMillis());
    assertThat(evidence.getInputs())
        .isNotEmpty()
        .allMatch(input -> input.getTopic().equals(Topics.OBSERVATIONS.name()))
        .extracting(input -> input.getOffset())
        .isSorted()
        .startsWith(0L);
  }

  @Test
  void oneErrorAtNightOpensNothing() {
    for (int i = 0; i < 20; i++) {
      lab.good(1);
    }
    lab.bad(1);

    assertThat(lab.transitions).isEmpty();
  }

  @Test
  void whenOpen_itProbesThoughNobodyCalls() {
    lab.open();
    lab.wait(Duration.ofSeconds(7));

    assertThat(lab.state()).isEqualTo(State.PROBING);
    assertThat(lab.last().getEpoch()).isEqualTo(2);
    assertThat(lab.last().getRetryAfterMillis()).isEqualTo(5_000);
  }

  @Test
  void aTimerAloneDecidesNothing_andALostTickIsMadeUpFor() {
    lab.open();
    lab.ticksAreLost = true;
    lab.wait(Duration.ofSeconds(30));
    assertThat(lab.state()).isEqualTo(State.OPEN);

    lab.ticksAreLost = false;
    lab.wait(Duration.ofSeconds(2));
    assertThat(lab.state()).isEqualTo(State.PROBING);
  }

  @Test
  void whereEveryBreakerIsClosed_timeComesTwiceInTenSecondsOnly() {
    lab.good(1);
    lab.wait(Duration.ofSeconds(30));
    lab.ticksAsked = 0;
    lab.wait(Duration.ofSeconds(30));

    assertThat(lab.ticksAsked).isBetween(3, 6);
  }

  @Test
  void whenProbing_aLateSuccessOfACallAdmittedWhileClosedChangesNothing() {
    lab.open();
    lab.wait(Duration.ofSeconds(7));
    for (int i = 0; i < 20; i++) {
      lab.pass(Duration.ofMillis(250));
      lab.observe(Observations.good(25, 0, 1_000 + i, lab.now).build());
    }

    assertThat(lab.state()).isEqualTo(State.PROBING);
    assertThat(lab.transitions).hasSize(2);
  }

  @Test
  void whenProbesAreWell_trafficComesBackStepByStep() {
    for (int i = 0; i < 40; i++) {
      lab.good(25);
    }
    lab.open();
    lab.wait(Duration.ofSeconds(7));
    for (int i = 0; i < 120 && lab.state() != State.CLOSED; i++) {
      lab.good(25);
    }

    assertThat(lab.transitions)
        .extracting(BreakerTransition::getTo)
        .startsWith(State.OPEN, State.PROBING, State.RECOVERING)
        .endsWith(State.CLOSED);
    assertThat(lab.states).extracting(BreakerState::getEpoch).isSorted();
  }

  @Test
  void aRepeatedObservationCountsOnce() {
    Observation observation = Observations.bad(5, 0, 1, lab.now).build();
    for (int i = 0; i < 50; i++) {
      lab.observe(observation);
    }

    assertThat(lab.transitions).isEmpty();
    assertThat(lab.metric("repeated-observations-total")).isEqualTo(49);
  }

  @Test
  void reorderedObservationsAllCount() {
    for (long sequence = 8; sequence > 0; sequence--) {
      lab.observe(Observations.bad(10, 0, sequence, lab.now).build());
    }

    assertThat(lab.state()).isEqualTo(State.OPEN);
  }

  @Test
  void lanesAndInstancesNumberByThemselves() {
    for (int i = 0; i < 8; i++) {
      lab.observe(
          Observations.bad(10, 0, 1, lab.now)
              .setInstance("checkout-" + i / 2)
              .setLane(i % 2 == 0 ? Lane.GUARD : Lane.METRIC)
              .build());
    }

    assertThat(lab.state()).isEqualTo(State.OPEN);
  }

  @Test
  void anObservationOlderThanTheWindowIsCountedAsLate_andMovesNothing() {
    for (int i = 0; i < 8; i++) {
      lab.observe(Observations.bad(25, 0, i, lab.now - HOUR).build());
    }

    assertThat(lab.transitions).isEmpty();
    assertThat(lab.metric("late-observations-total")).isEqualTo(8);
    assertThat(lab.hasDeadLetters()).isFalse();
  }

  @Test
  void anObservationOfNoTimeAtAllCounts() {
    lab.observe(Observations.bad(60, 0, 1, lab.now).setIntervalMillis(0).build());

    assertThat(lab.state()).isEqualTo(State.OPEN);
  }

  @Test
  void absurdObservationsGoToDeadLetters_andTheStreamGoesOn() {
    Map<String, Long> manyErrors = new HashMap<>();
    for (int i = 0; i < 101; i++) {
      manyErrors.put("e" + i, 0L);
    }
    Map<Observation, String> absurd =
        Map.ofEntries(
            Map.entry(fine().setCalls(-1).build(), "calls: -1 (expected: 0..10000000)"),
            Map.entry(fine().setCalls(10_000_001).build(), "calls: 10000001"),
            Map.entry(fine().setRefusals(-1).build(), "refusals: -1"),
            Map.entry(fine().setErrors(Map.of("x", 3L)).build(), "errors: {x=3}"),
            Map.entry(fine().setErrors(manyErrors).build(), "errors: 101 types"),
            Map.entry(fine().setEpoch(-2).build(), "epoch: -2"),
            Map.entry(fine().setIntervalMillis(-1).build(), "intervalMillis: -1"),
            Map.entry(fine().setIntervalMillis(3_600_001).build(), "toMillis: "),
            Map.entry(fine().setFromMillis(Long.MAX_VALUE).build(), "fromMillis: "),
            Map.entry(fine().setFromMillis(lab.now - 25 * HOUR).build(), "within a day"),
            Map.entry(fine().setFromMillis(lab.now + 25 * HOUR).build(), "within a day"),
            Map.entry(fine().setService("").build(), "service: \"\""),
            Map.entry(fine().setInstance("a\nb").build(), "instance: "),
            Map.entry(fine().setBreaker("b".repeat(256)).build(), "breaker: "),
            Map.entry(
                fine().setLatencyNanos(new Histogram(99, 0L, 0, List.of(1L))).build(), "scale: 99"),
            Map.entry(
                fine().setLatencyNanos(new Histogram(3, 3L, 0, List.of())).build(),
                "latencyNanos.count: 3 (expected: 0..2)"));
    absurd.forEach(
        (observation, cause) -> {
          lab.observe(observation);
          assertThat(lab.deadLetter()).contains("BadRecordException", cause);
        });
    assertThat(lab.states).isEmpty();
    lab.good(1);
    assertThat(lab.state()).isEqualTo(State.CLOSED);
  }

  private Observation.Builder fine() {
    return Observations.good(2, 0, 1, lab.now);
  }

  @Test
  void anObservationUnderAnotherKeyGoesToDeadLetters() {
    lab.observe("search/query", Observations.good(1, 0, 1, lab.now).build());
    assertThat(lab.deadLetter())
        .contains("breaker: payments/charge (expected: the key of the record, search/query)");
    lab.observe(null, Observations.good(1, 0, 1, lab.now).build());
    assertThat(lab.deadLetter()).contains("the key of the record, null");
  }

  @Test
  void whatIsNoRecordGoesToDeadLetters() {
    for (var topic : List.of(Topics.OBSERVATIONS, Topics.COMMANDS, Topics.SPANS)) {
      lab.bytes(topic, BREAKER, new byte[] {1, 2, 3});
      assertThat(lab.deadLetter()).contains("SerializationException");
      lab.bytes(topic, BREAKER, null);
      assertThat(lab.deadLetter()).contains("value: none");
    }
    lab.good(1);
    assertThat(lab.states).hasSize(1);
  }

  @Test
  void aHoldIsObeyed_andEndsThoughNobodyCalls() {
    lab.good(1);
    lab.command(lab.command(CommandKind.HOLD_OPEN, lab.now + 3_000).build());

    assertThat(lab.state()).isEqualTo(State.HELD_OPEN);
    assertThat(lab.last().getUntilMillis()).isEqualTo(lab.now + 3_000);
    assertThat(lab.last().getRetryAfterMillis()).isEqualTo(3_000);
    assertThat(lab.last().getReason()).isEqualTo("HOLD_OPEN by ana: a drill");
    assertThat(lab.transitions.get(0).getWho()).isEqualTo("ana");
    lab.wait(Duration.ofSeconds(4));
    assertThat(lab.state()).isEqualTo(State.PROBING);
    assertThat(lab.last().getReason()).isEqualTo("the hold by ana is over");
  }

  @Test
  void aReleaseEndsAHold() {
    lab.good(1);
    lab.command(lab.command(CommandKind.HOLD_CLOSED, lab.now + HOUR).build());
    assertThat(lab.state()).isEqualTo(State.HELD_CLOSED);
    lab.pass(SECOND);
    lab.command(lab.command(CommandKind.RELEASE, 0).build());

    assertThat(lab.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void aCommandForAnUnknownBreakerCreatesNothing_andIsToldTheNearest() {
    lab.good(1);
    lab.command(
        lab.command(CommandKind.HOLD_OPEN, lab.now + HOUR).setBreaker("payment/charge").build());

    assertThat(lab.deadLetter())
        .contains(
            "breaker: payment/charge (expected: one that somebody has called, such as"
                + " payments/charge)");
    assertThat(lab.states).hasSize(1);
  }

  @Test
  void absurdCommandsGoToDeadLetters() {
    lab.good(1);
    lab.command(lab.command(CommandKind.UNKNOWN, lab.now + HOUR).build());
    assertThat(lab.deadLetter()).contains("kind: UNKNOWN");
    lab.command(lab.command(CommandKind.HOLD_OPEN, lab.now + HOUR).setWho(" ").build());
    assertThat(lab.deadLetter()).contains("who: \" \"");
    lab.command(lab.command(CommandKind.HOLD_OPEN, lab.now - 1).build());
    assertThat(lab.deadLetter()).contains("untilMillis: ");
    lab.command(lab.command(CommandKind.HOLD_OPEN, lab.now + 31 * 24 * HOUR).build());
    assertThat(lab.deadLetter()).contains("untilMillis: ");
    lab.command(
        lab.command(CommandKind.HOLD_OPEN, lab.now + HOUR).setWhy("w".repeat(1_001)).build());
    assertThat(lab.deadLetter()).contains("why: 1001 characters");
    assertThat(lab.transitions).isEmpty();
  }

  @Test
  void whereThePolicyOnlyWatches_theBreakerSaysWhatItWouldDo() throws IOException {
    replaceLab(begun(new Lab(policies("breakers: { payments/*: { enforced: false } }"))));
    for (int i = 0; i < 8; i++) {
      lab.bad(25);
    }

    assertThat(lab.states).allMatch(state -> state.getState() == State.SHADOW);
    assertThat(lab.states).allMatch(state -> state.getAdmittedShare() == 10_000);
    assertThat(lab.last().getReason()).startsWith("would be Open: ");
  }

  @Test
  void aRecommendedTimeoutIsPublishedOnceItIsKnown_andWhenItDiffers() {
    for (int i = 0; i < 40; i++) {
      lab.good(250);
    }
    lab.pass(Duration.ofSeconds(10));

    assertThat(lab.states).hasSize(2);
    assertThat(lab.last().getEpoch()).isZero();
    assertThat(lab.last().getRecommendedTimeoutMillis()).isBetween(35, 45);
    lab.pass(Duration.ofSeconds(10));
    assertThat(lab.states).hasSize(2);

    for (int i = 0; i < 40; i++) {
      lab.pass(Duration.ofMillis(250));
      ExponentialHistogram slower = ExponentialHistogram.empty();
      slower.record(60e6, 25);
      lab.observe(
          Observations.good(25, 0, 1_000 + i, lab.now)
              .setLatencyNanos(Histograms.record(slower))
              .build());
    }
    lab.pass(Duration.ofSeconds(10));
    assertThat(lab.states).hasSize(3);
    assertThat(lab.last().getRecommendedTimeoutMillis()).isBetween(110, 130);
  }

  @Test
  void anIdleClosedBreakerIsForgotten_butItsEpochIsNot() {
    lab.good(1);
    lab.command(lab.command(CommandKind.HOLD_CLOSED, lab.now + 1_000).build());
    lab.wait(Duration.ofSeconds(2));
    BreakerState closed = lab.last();
    assertThat(closed.getEpoch()).isEqualTo(2);

    Lab later = replaceLab(begun(new Lab(List.of(), closed)));
    later.good(1);
    assertThat(later.kept(DetectorTopology.BREAKERS)).containsOnlyKeys(BREAKER);
    later.pass(Duration.ofHours(25));
    assertThat(later.kept(DetectorTopology.BREAKERS)).isEmpty();
    later.command(later.command(CommandKind.HOLD_CLOSED, later.now + 1_000).build());

    assertThat(later.last().getEpoch()).isEqualTo(3);
  }

  @Test
  void stateAndTimeChangeAsOne() {
    for (int i = 0; i < 40; i++) {
      lab.good(25);
    }
    lab.open();
    lab.wait(Duration.ofSeconds(7));
    for (int i = 0; i < 120 && lab.state() != State.CLOSED; i++) {
      lab.good(25);
    }
    Map<Long, BreakerState> byEpoch = new HashMap<>();
    lab.states.forEach(state -> byEpoch.putIfAbsent(state.getEpoch(), state));

    assertThat(lab.transitions).hasSizeGreaterThan(4);
    for (BreakerTransition transition : lab.transitions) {
      BreakerState state = byEpoch.get(transition.getEpoch());
      assertThat(state).isNotNull();
      assertThat(state.getState()).isEqualTo(transition.getTo());
      assertThat(state.getDecidedAtMillis()).isEqualTo(transition.getAtMillis());
      assertThat(state.getUntilMillis()).isEqualTo(transition.getUntilMillis());
      assertThat(state.getAdmittedShare()).isEqualTo(transition.getAdmittedShare());
    }
  }

  @Test
  void aThousandBreakersTripAtOnce_eachForItself_andNotAllComeBackAtOnce() {
    for (int i = 0; i < 1_000; i++) {
      String id = "shard-" + i + "/get";
      lab.observe(Observations.bad(60, 0, 1, lab.now).setBreaker(id).build());
    }

    assertThat(lab.transitions)
        .hasSize(1_000)
        .allMatch(each -> each.getTo() == State.OPEN && each.getEpoch() == 1)
        .extracting(BreakerTransition::getBreaker)
        .doesNotHaveDuplicates();
    lab.wait(Duration.ofSeconds(7));
    List<BreakerTransition> back =
        lab.transitions.stream().filter(each -> each.getTo() == State.PROBING).toList();
    assertThat(back).hasSize(1_000);
    assertThat(back.stream().map(BreakerTransition::getAtMillis).distinct().count())
        .isGreaterThan(10);
  }

  @Test
  void ofTooManyBreakersTheCallsCountUnderTheStar_andTheKnownOnesAreJudgedOn() {
    int tooMany = 50;
    lab.good(1);
    for (int i = 1; i < Breakers.MOST + tooMany; i++) {
      lab.observe(Observations.bad(2, 0, 1, lab.now).setBreaker("hostile-" + i).build());
    }

    assertThat(lab.kept(DetectorTopology.BREAKERS)).hasSize(Breakers.MOST);
    assertThat(lab.metric("unjudged-observations-total")).isEqualTo(tooMany);
    assertThat(lab.metric("unjudged-calls-total")).isEqualTo(2 * tooMany);
    assertThat(lab.metric("unjudged-failures-total")).isEqualTo(2 * tooMany);
    lab.states.removeIf(state -> !state.getBreaker().equals(BREAKER));
    lab.open();
    assertThat(lab.state()).isEqualTo(State.OPEN);
  }
}
