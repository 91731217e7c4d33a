package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.policy.BreakerPolicy.BackOff;
import dev.switchgear.breaker.policy.BreakerPolicy.Ramp;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules that are edited while they are in use. */
class PolicyChangesTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void whenOpen_anEditedRuleKeepsItOpenUntilItsDeadline() {
    Machine machine = Machine.open();
    State open = machine.state();
    Duration short_ = Duration.ofMillis(100);
    assertThat(machine.adopt(Policies.with(new BackOff(short_, 1, short_, 0)))).isEmpty();
    machine.passUntil(open.untilMillis() - 1);
    assertThat(machine.state()).isEqualTo(open);
    machine.pass(1);
    assertThat(machine.state()).isInstanceOf(Probing.class);
  }

  @Test
  void whenTheRampIsShortened_theNextStepIsTheFirstAboveTheShareAlreadyProven() {
    Machine machine = Machine.recovering();
    assertThat(machine.state().admittedShare()).isEqualTo(2_500);
    machine.adopt(Policies.with(new Ramp(List.of(4_000, 9_000), SECOND)));
    machine.run(20, Samples.good(25));
    assertThat(machine.transitions.stream().map(t -> t.to().admittedShare()).toList())
        .endsWith(4_000, 9_000, 10_000);
  }

  @Test
  void whenTheRampIsTakenAway_proofLeadsToClosed() {
    Machine machine = Machine.recovering();
    machine.adopt(Policies.with(new Ramp(List.of(), SECOND)));
    machine.run(9, Samples.good(25));
    assertThat(machine.state()).isInstanceOf(Closed.class);
  }

  @Test
  void theSwitchToWatchingAndBackKeepsWhatWasJudged() {
    Machine machine = Machine.open();
    State open = machine.state();
    machine.adopt(Policies.WATCHING);
    assertThat(machine.state()).isEqualTo(new Shadow(null, open));
    machine.adopt(Policies.DEFAULT);
    assertThat(machine.state()).isEqualTo(open);
  }

  @Test
  void aPolicyDoesNotEndAHold() {
    Machine machine = new Machine();
    machine.command(Command.Kind.HOLD_OPEN, machine.now, machine.now + 60_000);
    assertThat(machine.adopt(Policies.WATCHING)).isEmpty();
    assertThat(machine.state()).isInstanceOf(HeldOpen.class);
    machine.pass(60_000);
    assertThat(machine.state()).isInstanceOf(Shadow.class);
  }

  @Test
  void evidenceStaysUnlessTheAcceptedSharesAreOthers() {
    Machine machine = new Machine();
    machine.run(1, Samples.bad(9));
    machine.adopt(Policies.with(new Ramp(List.of(), SECOND)));
    assertThat(machine.breaker.snapshot().errorSums()).anyMatch(sum -> sum.strength() > 0);
    machine.adopt(Policies.PATIENT);
    assertThat(machine.breaker.snapshot().errorSums()).allMatch(sum -> sum.strength() == 0);
  }

  @Test
  void aBreakerRestoredUnderAPolicyThatSwitchedMeanwhileCatchesUpWhenItIsAdopted() {
    Machine machine = Machine.open();
    machine.breaker =
        Breaker.restore(machine.breaker.id(), Policies.WATCHING, machine.breaker.snapshot());
    machine.adopt(Policies.WATCHING);
    assertThat(machine.state()).isInstanceOf(Shadow.class);
  }
}
