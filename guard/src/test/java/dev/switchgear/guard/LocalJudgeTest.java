package dev.switchgear.guard;

import static dev.switchgear.guard.States.BREAKER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.State;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalJudgeTest {

  private static final Duration STALE = Duration.ofSeconds(10);

  private final TestGear test = TestGear.of("checkout");
  private final Guard guard = test.gear().guard(BREAKER);

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void whileTheFleetIsHeard_itsWordCountsWhateverIsSeenHere() {
    call(Duration.ofSeconds(5), 100, false);

    assertThat(belief().source()).isEqualTo(Health.Source.NOBODY);
    assertThat(guard.admit()).isInstanceOf(Permit.class);
  }

  @Test
  void theFleetIsSilent_itsLastStateIsKeptForAWhile() {
    test.open(BREAKER);
    test.loseFleet();
    test.pass(STALE.minusSeconds(1));

    assertThat(belief().source()).isEqualTo(Health.Source.FLEET);
    assertThat(belief().state()).isEqualTo(State.OPEN);
  }

  @Test
  void theFleetIsSilentForTooLong_aDeadDependencyIsFoundAlone() {
    test.closed(BREAKER);
    call(Duration.ofSeconds(5), 100, true);
    test.loseFleet();
    call(STALE.plusSeconds(1), 100, true);
    assertThat(belief().source()).isEqualTo(Health.Source.LOCAL);
    assertThat(belief().state()).isEqualTo(State.CLOSED);

    call(Duration.ofSeconds(2), 100, false);

    assertThat(belief().state()).isEqualTo(State.OPEN);
    assertThat(guard.admit())
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.reason()).startsWith("judged by this instance alone: ");
              assertThat(refusal.retryAfter()).isPositive();
            });
  }

  @Test
  void aBreakerThatNeverTripped_isOpenedAloneForTheFirstBackOff() {
    test.publish(
        States.unbuilt(State.CLOSED, 0, 10_000).setDecidedAtMillis(1_700_000_000_000L).build());
    test.loseFleet();
    call(STALE.plusSeconds(1), 100, true);
    call(Duration.ofSeconds(2), 100, false);

    assertThat(((Refusal) guard.admit()).retryAfter()).isLessThan(Duration.ofMillis(7_500));
  }

  @Test
  void judgedAlone_itRecoversByProbesAndARamp() {
    becomeOpenAlone();

    boolean probed = false;
    for (int i = 0; i < 200 && belief().state() != State.CLOSED; i++) {
      call(Duration.ofMillis(250), 100, true);
      probed |= belief().state() == State.PROBING || belief().state() == State.RECOVERING;
    }

    assertThat(probed).isTrue();
    assertThat(belief().state()).isEqualTo(State.CLOSED);
  }

  @Test
  void aFleetThatOpenedAndFellSilent_isGoneOnFromThere() {
    test.publish(States.unbuilt(State.OPEN, 7, 0).setUntilMillis(Long.MAX_VALUE).build());
    test.loseFleet();
    test.pass(STALE.plusSeconds(1));
    assertThat(belief().state()).isEqualTo(State.OPEN);
    assertThat(belief().source()).isEqualTo(Health.Source.LOCAL);
    assertThat(belief().epoch()).isEqualTo(7);

    for (int i = 0; i < 400 && belief().state() != State.CLOSED; i++) {
      call(Duration.ofMillis(250), 100, true);
    }

    assertThat(belief().state()).isEqualTo(State.CLOSED);
  }

  @ParameterizedTest
  @EnumSource(names = {"HELD_CLOSED", "SHADOW"})
  void judgedAlone_heldClosedOrShadowStillRefusesNobody(State held) {
    test.publish(States.unbuilt(held, 7, 0).setUntilMillis(Long.MAX_VALUE).build());
    test.loseFleet();
    call(STALE.plusSeconds(10), 100, false);

    assertThat(belief().source()).isEqualTo(Health.Source.LOCAL);
    assertThat(belief().state()).isEqualTo(held);
    assertThat(test.seen(BREAKER))
        .isEqualTo(new TestGear.Seen(2_000, Map.of("IOException", 2_000L), 0, 0));
  }

  @Test
  void theFleetComesBackWithNews_itIsObeyedAtOnce() {
    becomeOpenAlone();
    test.regainFleet();

    test.closed(BREAKER);

    assertThat(belief().source()).isEqualTo(Health.Source.FLEET);
    assertThat(guard.admit()).isInstanceOf(Permit.class);
    test.pass(Duration.ofMillis(250));
    assertThat(belief().source()).isEqualTo(Health.Source.FLEET);
  }

  @Test
  void theFleetSaysThatTheWholeDependencyIsClosed_thatEndsNothing_butThatItIsOpenDoes() {
    becomeOpenAlone();
    test.regainFleet();
    test.closed("payments");
    test.pass(Duration.ofSeconds(1));
    assertThat(belief().source()).isEqualTo(Health.Source.LOCAL);

    test.open("payments");

    assertThat(belief().source()).isEqualTo(Health.Source.FLEET);
    assertThat(belief().decidedBy()).isEqualTo("payments");
    assertThat(guard.admit()).isInstanceOf(Refusal.class);
  }

  @Test
  void theFleetComesBackWithoutNews_nobodyJumpsBackIntoAStateThatIsOver() {
    becomeOpenAlone();
    test.regainFleet();
    test.pass(Duration.ofSeconds(1));

    assertThat(belief().source()).isEqualTo(Health.Source.LOCAL);
    assertThat(guard.admit()).isInstanceOf(Refusal.class);

    test.pass(STALE);
    assertThat(belief().source()).isEqualTo(Health.Source.FLEET);
  }

  @Test
  void theFleetComesBackAndAgrees_itIsObeyedAgain() {
    test.closed(BREAKER);
    test.loseFleet();
    call(STALE.plusSeconds(1), 100, true);
    assertThat(belief().source()).isEqualTo(Health.Source.LOCAL);

    test.regainFleet();
    test.pass(Duration.ofMillis(500));

    assertThat(belief().source()).isEqualTo(Health.Source.FLEET);
  }

  @Test
  void aFleetThatHasForgottenItsEpochs_isNotObeyedNorWaitedForForEver() {
    test.publish(States.open(57));
    test.publish(States.closed(1));
    assertThat(guard.admit()).isInstanceOf(Refusal.class);

    for (int i = 0; i < 400 && belief().state() != State.CLOSED; i++) {
      call(Duration.ofMillis(250), 100, true);
    }
    assertThat(belief().source()).isEqualTo(Health.Source.LOCAL);
    assertThat(guard.admit()).isInstanceOf(Permit.class);

    test.publish(States.open(58));
    test.pass(Duration.ofMillis(250));
    assertThat(belief().source()).isEqualTo(Health.Source.FLEET);
    assertThat(guard.admit()).isInstanceOf(Refusal.class);
  }

  @Test
  void theTopicReadAgainFromItsStart_isNoContradiction() {
    test.publish(States.closed(1));
    test.publish(States.open(2));
    test.publish(States.closed(1));
    test.publish(States.open(2));
    test.pass(STALE.plusSeconds(5));

    assertThat(belief().source()).isEqualTo(Health.Source.FLEET);
  }

  @Test
  void whatIsAdmittedAlone_isToldOfTheEpochTheFleetWasIn() {
    test.publish(States.closed(4));
    test.loseFleet();
    call(STALE.plusSeconds(1), 100, true);

    assertThat(((Permit) guard.admit()).epoch()).isEqualTo(4);
  }

  private void becomeOpenAlone() {
    test.closed(BREAKER);
    test.loseFleet();
    call(STALE.plusSeconds(1), 100, true);
    call(Duration.ofSeconds(2), 100, false);
    assertThat(belief().state()).isEqualTo(State.OPEN);
  }

  private void call(Duration duration, int perSecond, boolean well) {
    Duration quarter = Duration.ofMillis(250);
    for (long i = 0; i < duration.dividedBy(quarter); i++) {
      for (int call = 0; call < perSecond / 4; call++) {
        if (guard.admit() instanceof Permit permit) {
          finish(permit, well);
        }
      }
      test.pass(quarter);
    }
  }

  private static void finish(Permit permit, boolean well) {
    if (well) {
      permit.success(5_000_000);
    } else {
      permit.failure("IOException", 5_000_000);
    }
  }

  private Health.Belief belief() {
    return test.gear().health().beliefs().get(0);
  }
}
