package dev.switchgear.detector;

import static dev.switchgear.detector.Observations.BREAKER;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.detector.policy.LayeredPolicies;
import dev.switchgear.detector.policy.PolicyFile;
import dev.switchgear.detector.state.KeptBreaker;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.Policy;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies that come and go on their topic while breakers are judged. */
class PolicyTopicTest {

  private static final Duration TICK = Duration.ofMillis(100);

  @TempDir private Path directory = Path.of("");

  private Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  private void useFile(String yaml) throws IOException {
    lab.close();
    lab = new Lab(PolicyFile.read(Files.writeString(directory.resolve("p.yaml"), yaml)));
  }

  @Test
  void whenOpen_anotherPolicyKeepsStateEpochAndDeadline_andIsTold() {
    lab.open();
    BreakerState open = lab.last();
    lab.policy("payments/*", 7, "backOff: { first: 12s }\nstaleAfter: 1m");
    lab.pass(TICK);

    BreakerState told = lab.last();
    assertThat(told.getPolicyVersion()).isEqualTo(7);
    assertThat(told.getStaleAfterMillis()).isEqualTo(60_000);
    assertThat(told.getState()).isEqualTo(State.OPEN);
    assertThat(told.getEpoch()).isEqualTo(open.getEpoch());
    assertThat(told.getUntilMillis()).isEqualTo(open.getUntilMillis());
    assertThat(told.getDecidedAtMillis()).isEqualTo(open.getDecidedAtMillis());
    assertThat(told.getReason()).isEqualTo(open.getReason());
    assertThat(told.getExemplars()).containsExactly(Observations.TRACE);
    assertThat(lab.transitions).hasSize(1);
  }

  @Test
  void theNewThresholdHoldsFromThenOn() {
    for (int i = 0; i < 40; i++) {
      lab.good(25);
    }
    lab.policy(BREAKER, 1, "errors: { acceptedShare: 0.8 }");
    lab.pass(TICK);
    for (int i = 0; i < 20; i++) {
      lab.mixed(25, 12);
    }

    assertThat(lab.transitions).isEmpty();
    for (int i = 0; i < 40 && lab.state() == State.CLOSED; i++) {
      lab.bad(25);
    }
    BreakerTransition opened = lab.transitions.get(0);
    assertThat(opened.getPolicyVersion()).isEqualTo(1);
    assertThat(opened.getEvidence().getObjective()).isEqualTo(0.8);
  }

  @Test
  void evidenceAndWindowStay_unlessASharesIsAnother() {
    lab.bad(4);
    KeptBreaker before = kept();
    lab.policy(BREAKER, 1, "probes: { perSecond: 9 }");
    lab.pass(TICK);
    assertThat(kept().getErrorSums()).isEqualTo(before.getErrorSums()).anyMatch(sum -> sum > 0);
    lab.policy(BREAKER, 2, "errors: { acceptedShare: 0.3 }");
    lab.pass(TICK);

    assertThat(kept().getErrorSums()).allMatch(sum -> sum == 0);
    assertThat(kept().getSlices()).isEqualTo(before.getSlices());
    assertThat(kept().getAcceptedErrors()).isEqualTo(0.3);
  }

  private KeptBreaker kept() {
    return (KeptBreaker) requireNonNull(lab.kept(DetectorTopology.BREAKERS).get(BREAKER));
  }

  @Test
  void whereTheDefaultOnlyWatches_aNewDependencyIsInShadow() throws IOException {
    useFile("default: { enforced: false }");
    lab.good(1);
    assertThat(lab.states).extracting(BreakerState::getState).containsExactly(State.SHADOW);
    lab.policy(BREAKER, 1, "enforced: true");
    lab.pass(TICK);

    assertThat(lab.state()).isEqualTo(State.CLOSED);
    assertThat(lab.transitions.get(0).getReason()).isEqualTo("the policy enforces");
  }

  @Test
  void whereTheTopicsDefaultOnlyWatches_aNewDependencyIsInShadow() {
    lab.policy("*", 1, "enforced: false");
    lab.good(1);

    assertThat(lab.states).extracting(BreakerState::getState).containsExactly(State.SHADOW);
    assertThat(lab.last().getPolicyVersion()).isEqualTo(1);
  }

  @Test
  void aTombstoneGivesThePatternBackToTheFile() throws IOException {
    useFile("breakers: { payments/*: { version: 3, enforced: false } }");
    lab.policy("payments/*", 5, "enforced: true");
    lab.good(1);
    assertThat(lab.state()).isEqualTo(State.CLOSED);
    lab.noPolicy("payments/*");
    lab.pass(TICK);

    assertThat(lab.state()).isEqualTo(State.SHADOW);
    assertThat(lab.last().getPolicyVersion()).isEqualTo(3);
    assertThat(lab.hasDeadLetters()).isFalse();
  }

  @Test
  void aWrongPolicyGoesToDeadLettersOnce_isCounted_andTheRunningOneStays() {
    lab.policy(BREAKER, 1, "enforced: false");
    lab.good(1);
    lab.policy(BREAKER, 2, "enforcd: true");
    lab.policy(BREAKER, 3, "probes: { perSecond: -1 }");
    lab.policy(BREAKER, -4, "enforced: true");
    lab.bytes(Topics.POLICIES, BREAKER, new byte[] {1, 2, 3});
    lab.pass(TICK);

    assertThat(lab.deadLetter())
        .contains(
            "switchgear.policies[" + BREAKER + "]:1: enforcd: true (no such key; did you mean");
    assertThat(lab.deadLetter()).contains("probes.perSecond: -1.0 (expected: 0.01..1000.0)");
    assertThat(lab.deadLetter()).contains("version: -4");
    assertThat(lab.deadLetter()).contains("SerializationException");
    assertThat(lab.hasDeadLetters()).isFalse();
    assertThat(lab.metric("refused-policies-total")).isEqualTo(3);
    assertThat(lab.states).extracting(BreakerState::getState).containsExactly(State.SHADOW);
    lab.policy(BREAKER, 5, "enforced: true");
    lab.pass(TICK);
    assertThat(lab.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void whatDoesNotFitWhatItInheritsWaits_andHoldsOnceItFits() {
    lab.good(1);
    lab.policy(BREAKER, 1, "backOff: { first: 5m }");
    lab.pass(TICK);
    assertThat(lab.last().getPolicyVersion()).isZero();
    lab.policy("*", 2, "backOff: { longest: 10m }");
    lab.pass(TICK);

    assertThat(lab.last().getPolicyVersion()).isEqualTo(2);
    lab.open();
    assertThat(lab.last().getRetryAfterMillis()).isGreaterThan(200_000);
    assertThat(lab.hasDeadLetters()).isFalse();
  }

  @Test
  void whatIsWrittenTogetherHoldsTogether() {
    lab.policies(
        Lab.policyOf("*", 1, "backOff: { longest: 10m }"),
        Lab.policyOf(BREAKER, 1, "backOff: { first: 5m }"));
    lab.policies(
        Lab.policyOf("*", 2, "backOff: { longest: 30s }"),
        Lab.policyOf(BREAKER, 2, "backOff: { first: 20s }"));
    lab.open();

    assertThat(lab.last().getPolicyVersion()).isEqualTo(2);
    assertThat(lab.last().getRetryAfterMillis()).isLessThan(30_000);
  }

  @Test
  void whoReadsAllAtOnceComesToWhatOthersCameToStepByStep() {
    lab.policies(
        Lab.policyOf(BREAKER, 1, "enforced: false"),
        Lab.policyOf(BREAKER, 2, "backOff: { first: 5m }"),
        Lab.policyOf(BREAKER, 3, "enforcd: true"));
    lab.good(1);

    assertThat(lab.state()).isEqualTo(State.SHADOW);
    assertThat(lab.last().getPolicyVersion()).isEqualTo(1);
    assertThat(lab.deadLetter()).contains("enforcd: true");
  }

  @Test
  void morePatternsThanAnybodyWritesAreRefused() {
    Policy[] many = new Policy[LayeredPolicies.MOST];
    Arrays.setAll(many, i -> Lab.policyOf("a" + i, 1, "{}"));
    lab.policies(many);
    lab.policy(BREAKER, 2, "enforced: false");
    lab.good(1);

    assertThat(lab.state()).isEqualTo(State.CLOSED);
    lab.noPolicy("a1");
    lab.pass(TICK);
    assertThat(lab.state()).isEqualTo(State.SHADOW);
  }

  @Test
  void afterARestart_whatIsPublishedSaysWhichPolicyHoldsNow() throws IOException {
    lab.good(1);
    BreakerState published = lab.last();
    lab.close();
    Path file = Files.writeString(directory.resolve("p.yaml"), "default: { version: 4 }");
    lab = new Lab(PolicyFile.read(file), published);
    lab.good(1);
    lab.pass(TICK);

    assertThat(lab.states).extracting(BreakerState::getPolicyVersion).isEqualTo(List.of(4L));
  }
}
