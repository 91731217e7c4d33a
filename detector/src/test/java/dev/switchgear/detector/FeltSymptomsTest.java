package dev.switchgear.detector;

import static dev.switchgear.detector.Observations.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.CommandKind;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.SymptomKind;
import dev.switchgear.schemas.SymptomState;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FeltSymptomsTest {

  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void whatABreakerOpensFor_isPublishedAsASymptom_withItsEvidence() {
    lab.open();

    assertThat(lab.symptoms).hasSize(1);
    SymptomState symptom = lab.symptoms.get(0);
    assertThat(symptom.getBreaker()).isEqualTo(BREAKER);
    assertThat(symptom.getKind()).isEqualTo(SymptomKind.ERRORS);
    assertThat(symptom.getMeasure()).isEqualTo("error_share");
    assertThat(symptom.getValue()).isEqualTo(1);
    assertThat(symptom.getUsual()).isEqualTo(0.1);
    assertThat(symptom.getStrength()).isGreaterThanOrEqualTo(symptom.getStrengthWanted());
    assertThat(symptom.getSinceMillis()).isBetween(Lab.START, symptom.getSeenAtMillis());
    assertThat(symptom.getUntilMillis()).isZero();
    assertThat(symptom.getCallers()).containsExactly("checkout");
    assertThat(symptom.getDownstreamOf()).isNull();
    assertThat(symptom.getReason()).isEqualTo(lab.transitions.get(0).getReason());
  }

  @Test
  void probesThatFail_areTheSameSymptom() {
    lab.open().wait(Duration.ofSeconds(10));
    for (int i = 0; i < 8 && lab.state() != State.OPEN; i++) {
      lab.bad(5);
    }

    assertThat(lab.transitions).hasSizeGreaterThan(2);
    assertThat(lab.symptoms).hasSize(1);
  }

  @Test
  void whenTheBreakerHasClosed_theSymptomIsOver() {
    lab.open();
    recover();

    assertThat(lab.hasDeadLetters() ? lab.deadLetter() : "").isEmpty();
    assertThat(lab.state()).isEqualTo(State.CLOSED);
    assertThat(lab.symptoms).hasSize(2);
    SymptomState over = lab.symptoms.get(1);
    assertThat(over.getUntilMillis()).isEqualTo(lab.last().getDecidedAtMillis());
    assertThat(over.getSeenAtMillis()).isEqualTo(lab.symptoms.get(0).getSeenAtMillis());
  }

  @Test
  void whatNobodyJudgesAnyLonger_isNoSymptom() {
    lab.open();
    lab.pass(Duration.ofSeconds(1));
    lab.command(lab.command(CommandKind.HOLD_CLOSED, lab.now + 60_000).build());

    assertThat(lab.symptoms).last().matches(symptom -> symptom.getUntilMillis() == lab.now);
  }

  @Test
  void whatIsFelt_isKept_andForgottenOnceItIsOver() {
    lab.open();
    assertThat(lab.kept(DetectorTopology.FELT_SYMPTOMS)).containsKey(BREAKER + "/ERRORS");

    recover();
    assertThat(lab.kept(DetectorTopology.FELT_SYMPTOMS)).isEmpty();
  }

  @Test
  void whatFollowsFromAnotherSymptomSaysSo_howeverLateThatIsProven() {
    fail("checkout", "front");
    assertThat(lab.symptoms).extracting(SymptomState::getDownstreamOf).containsOnlyNulls();
    fail(BREAKER, "checkout");
    lab.wait(Duration.ofSeconds(1));

    SymptomState victim = lab.symptoms.get(lab.symptoms.size() - 1);
    assertThat(victim.getBreaker()).isEqualTo("checkout");
    assertThat(victim.getUntilMillis()).isZero();
    assertThat(victim.getDownstreamOf()).isEqualTo(BREAKER + "/ERRORS");
    assertThat(lab.symptoms).hasSize(3);
    assertThat(lab.kept(DetectorTopology.FELT_SYMPTOMS)).containsEntry("checkout/ERRORS", victim);
  }

  @Test
  void whatItFollowedFromMayBeOverBeforeIt() {
    lab.open();
    fail("checkout", "front");
    lab.wait(Duration.ofSeconds(1));
    lab.command(lab.command(CommandKind.HOLD_CLOSED, lab.now + 60_000).build());
    lab.wait(Duration.ofSeconds(1));

    assertThat(lab.symptoms.stream().filter(each -> each.getBreaker().equals("checkout")))
        .last()
        .matches(victim -> (BREAKER + "/ERRORS").equals(victim.getDownstreamOf()));
  }

  private void fail(String breaker, String service) {
    for (int i = 1; i < 8; i++) {
      lab.pass(Duration.ofMillis(Observations.INTERVAL_MILLIS));
      var bad = Observations.bad(25, 0, i, lab.now).setBreaker(breaker).setService(service);
      lab.observe(bad.setInstance(service + "-1").build());
    }
  }

  private void recover() {
    for (int quarter = 0; quarter < 400 && lab.state() != State.CLOSED; quarter++) {
      lab.good(lab.state() == State.OPEN ? 0 : 25);
    }
  }
}
