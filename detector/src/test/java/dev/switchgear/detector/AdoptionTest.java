package dev.switchgear.detector;

import static dev.switchgear.detector.Observations.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.detector.policy.PolicyFile;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.CommandKind;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.SymptomKind;
import dev.switchgear.schemas.SymptomState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every store is lost; what is left is what was published. */
class AdoptionTest {

  @TempDir private Path directory = Path.of("");

  private static BreakerState.Builder published(State state, int share, long untilMillis) {
    return BreakerState.newBuilder()
        .setBreaker(BREAKER)
        .setState(state)
        .setEpoch(41)
        .setAdmittedShare(share)
        .setReason("as it was")
        .setDecidedAtMillis(Lab.START - 60_000)
        .setUntilMillis(untilMillis);
  }

  private static Lab lab(BreakerState.Builder published) {
    return new Lab(List.of(), published.build());
  }

  @Test
  void anOpenBreakerThatNobodyCallsGoesOnToItsDeadline() {
    try (Lab lab = lab(published(State.OPEN, 0, Lab.START + 2_000))) {
      lab.wait(Duration.ofSeconds(1));
      assertThat(lab.states).isEmpty();
      lab.wait(Duration.ofSeconds(2));
      assertThat(lab.state()).isEqualTo(State.PROBING);
      assertThat(lab.last().getEpoch()).isEqualTo(42);
    }
  }

  @Test
  void anOpenBreakerOfAnotherPolicy_isToldWithTheCallsThatLedToIt() {
    var open = published(State.OPEN, 0, Lab.START + 2_000).setPolicyVersion(7);
    try (Lab lab = lab(open.setExemplars(List.of(Observations.TRACE)))) {
      lab.wait(Duration.ofSeconds(1));

      assertThat(lab.states).extracting(BreakerState::getEpoch).containsExactly(41L);
      assertThat(lab.last().getPolicyVersion()).isZero();
      assertThat(lab.last().getExemplars()).containsExactly(Observations.TRACE);
    }
  }

  @Test
  void aSymptomThatWasPublished_isOverWhereNobodyIsIllAnyLonger_andGoesOnWhereABreakerIs() {
    try (Lab lab = lab(published(State.OPEN, 0, Lab.START + 2_000))) {
      lab.feltBefore(BREAKER + "/ERRORS", felt(BREAKER, SymptomKind.ERRORS));
      lab.feltBefore("search/SLOWNESS", felt("search", SymptomKind.SLOWNESS));
      lab.feltBefore("search/SILENCE", felt("search", SymptomKind.SILENCE));
      lab.wait(Duration.ofSeconds(1));

      assertThat(lab.symptoms).extracting(SymptomState::getBreaker).containsOnly("search");
      assertThat(lab.symptoms).hasSize(2).noneMatch(symptom -> symptom.getUntilMillis() == 0);
      assertThat(lab.kept(DetectorTopology.FELT_SYMPTOMS)).containsOnlyKeys(BREAKER + "/ERRORS");
    }
  }

  private static SymptomState felt(String breaker, SymptomKind kind) {
    return SymptomState.newBuilder()
        .setBreaker(breaker)
        .setKind(kind)
        .setSinceMillis(Lab.START - 60_000)
        .setSeenAtMillis(Lab.START - 50_000)
        .setMeasure("error_share")
        .setValue(1)
        .setUsual(0.1)
        .setStrength(30)
        .setStrengthWanted(20)
        .build();
  }

  @Test
  void anAbsurdDeadlineIsNotWaitedFor() {
    try (Lab lab = lab(published(State.OPEN, 0, Long.MAX_VALUE))) {
      lab.wait(Duration.ofSeconds(73));
      assertThat(lab.state()).isEqualTo(State.PROBING);
    }
  }

  @Test
  void aClosedBreakerGoesOnWithItsEpochWhenItIsCalled() {
    try (Lab lab = lab(published(State.CLOSED, 10_000, 0))) {
      lab.observe(Observations.good(1, 41, 1, lab.now).build());
      assertThat(lab.states).isEmpty();
      for (int i = 0; i < 8; i++) {
        lab.observe(Observations.bad(25, 41, 2 + i, lab.now).build());
      }
      assertThat(lab.state()).isEqualTo(State.OPEN);
      assertThat(lab.last().getEpoch()).isEqualTo(42);
    }
  }

  @Test
  void aClosedBreakerCanBeCommanded() {
    try (Lab lab = lab(published(State.CLOSED, 10_000, 0))) {
      lab.command(lab.command(CommandKind.HOLD_OPEN, lab.now + 60_000).build());
      assertThat(lab.state()).isEqualTo(State.HELD_OPEN);
      assertThat(lab.last().getEpoch()).isEqualTo(42);
    }
  }

  @Test
  void aHoldEnds() {
    try (Lab lab = lab(published(State.HELD_OPEN, 0, Lab.START + 1_000))) {
      lab.wait(Duration.ofSeconds(2));
      assertThat(lab.state()).isEqualTo(State.PROBING);
    }
  }

  @Test
  void aCommandFromBeforeItsStateHasHadItsSay() {
    try (Lab lab = lab(published(State.CLOSED, 10_000, 0))) {
      lab.command(
          lab.command(CommandKind.HOLD_OPEN, lab.now + 60_000)
              .setIssuedAtMillis(Lab.START - 120_000)
              .build());
      assertThat(lab.states).isEmpty();
      assertThat(lab.hasDeadLetters()).isFalse();
    }
  }

  @Test
  void recoveryGoesOnFromItsShare() {
    try (Lab lab = lab(published(State.RECOVERING, 2_500, 0))) {
      for (int i = 0; i < 60 && lab.state() != State.CLOSED; i++) {
        lab.pass(Duration.ofMillis(250));
        long epoch = Math.max(41, lab.epoch());
        lab.observe(Observations.good(25, epoch, 1 + i, lab.now).build());
      }
      assertThat(lab.transitions)
          .extracting(BreakerTransition::getAdmittedShare)
          .startsWith(5_000)
          .endsWith(10_000);
    }
  }

  @Test
  void probingGoesOn() {
    try (Lab lab = lab(published(State.PROBING, 0, 0))) {
      for (int i = 0; i < 20; i++) {
        lab.pass(Duration.ofMillis(250));
        lab.observe(Observations.good(5, Math.max(41, lab.epoch()), 1 + i, lab.now).build());
      }
      assertThat(lab.transitions)
          .extracting(BreakerTransition::getTo)
          .containsAnyOf(State.RECOVERING, State.CLOSED);
    }
  }

  @Test
  void aPolicyThatOnlyWatchesMakesItAShadow() throws IOException {
    Path file = Files.writeString(directory.resolve("p.yaml"), "default: { enforced: false }");
    BreakerState open = published(State.OPEN, 0, Lab.START + 2_000).build();
    try (Lab lab = new Lab(PolicyFile.read(file), open)) {
      lab.pass(Duration.ofMillis(100));
      assertThat(lab.state()).isEqualTo(State.SHADOW);
      assertThat(lab.last().getReason()).isEqualTo("the policy only watches");
    }
  }

  @Test
  void aShadowOfAPolicyIsEnforcedOnceThePolicyIs() {
    try (Lab lab = lab(published(State.SHADOW, 10_000, 0))) {
      lab.pass(Duration.ofMillis(100));
      assertThat(lab.state()).isEqualTo(State.CLOSED);
      assertThat(lab.last().getEpoch()).isEqualTo(42);
    }
  }

  @Test
  void anAbsurdStateIsNotBelieved() {
    try (Lab lab = lab(published(State.OPEN, 20_000, Lab.START + 2_000))) {
      lab.wait(Duration.ofSeconds(3));
      assertThat(lab.states).isEmpty();
    }
  }

  @Test
  void ofTwoStatesTheHigherEpochCounts() {
    BreakerState newer = published(State.CLOSED, 10_000, 0).setEpoch(50).build();
    BreakerState older = published(State.OPEN, 0, Lab.START + 1_000).build();
    try (Lab lab = new Lab(List.of(), newer, older)) {
      lab.wait(Duration.ofSeconds(2));
      assertThat(lab.states).isEmpty();
    }
  }
}
