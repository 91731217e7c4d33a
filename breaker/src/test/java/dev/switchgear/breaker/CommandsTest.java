package dev.switchgear.breaker;

import static dev.switchgear.breaker.Command.Kind.HOLD_CLOSED;
import static dev.switchgear.breaker.Command.Kind.HOLD_OPEN;
import static dev.switchgear.breaker.Command.Kind.RELEASE;
import static dev.switchgear.breaker.Command.Kind.SHADOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What operators say, when, how often, and by whose clock. */
class CommandsTest {

  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  @Test
  void anOverrideDuringAnOutageIsHonoured() {
    Machine machine = Machine.open();
    machine.command(HOLD_CLOSED, machine.now, machine.now + HOUR);
    machine.run(200, Samples.bad(25));
    machine.pass(MINUTE);
    assertThat(machine.state()).isInstanceOf(HeldClosed.class);
    assertThat(machine.state().admittedShare()).isEqualTo(State.FULL_SHARE);
  }

  @Test
  void aHeldOpenBreakerIgnoresHealth_andProbesWhenTheHoldEnds() {
    Machine machine = new Machine();
    machine.command(HOLD_OPEN, machine.now, machine.now + MINUTE);
    machine.run(100, Samples.good(25));
    assertThat(machine.state()).isInstanceOf(HeldOpen.class);
    machine.passUntil(Machine.START + MINUTE - 1);
    assertThat(machine.state()).isInstanceOf(HeldOpen.class);
    machine.pass(1);
    assertThat(machine.state()).isInstanceOf(Probing.class);
  }

  @Test
  void aHoldEndsThoughNobodyCalls_andThoughTheDetectorRestarts() {
    Machine machine = new Machine();
    machine.command(HOLD_CLOSED, machine.now, machine.now + MINUTE);
    machine.restart();
    machine.pass(MINUTE);
    assertThat(machine.state()).isInstanceOf(Closed.class);
    assertThat(machine.transitions.get(1).reason()).isEqualTo("the hold by ana is over");
  }

  @Test
  void aHoldReadAgainAfterItsReleaseDoesNotResurface() {
    Machine machine = new Machine();
    long issued = machine.now;
    machine.command(HOLD_OPEN, issued, issued + HOUR);
    machine.now += 1_000;
    machine.command(RELEASE, machine.now, 0);
    machine.restart();
    assertThat(machine.command(HOLD_OPEN, issued, issued + HOUR)).isEmpty();
    assertThat(machine.state()).isInstanceOf(Probing.class);
  }

  @Test
  void aHoldReadTwiceCountsOnce() {
    Machine machine = new Machine();
    long issued = machine.now;
    machine.command(HOLD_OPEN, issued, issued + HOUR);
    assertThat(machine.command(HOLD_OPEN, issued, issued + HOUR)).isEmpty();
    assertThat(machine.breaker.epoch()).isEqualTo(1);
  }

  @Test
  void aHoldThatIsOverWhenReadDoesNotBegin() {
    Machine machine = new Machine();
    assertThat(machine.command(HOLD_OPEN, machine.now - HOUR, machine.now - 1)).isEmpty();
    assertThat(machine.state()).isInstanceOf(Closed.class);
  }

  @Test
  void aHoldThatIsOverWhenReadStillEndsTheOneItReplaced() {
    Machine machine = new Machine();
    machine.command(HOLD_OPEN, machine.now - HOUR, machine.now + HOUR);
    machine.command(HOLD_CLOSED, machine.now - MINUTE, machine.now - 1);
    assertThat(machine.state()).isInstanceOf(Probing.class);
  }

  @Test
  void anOperatorWhoseClockIsADayAheadDoesNotSilenceTheOthers() {
    Machine machine = new Machine();
    long ahead = machine.now + 24 * HOUR;
    machine.command(HOLD_OPEN, ahead, ahead + HOUR);
    assertThat(machine.state()).isInstanceOf(HeldOpen.class);
    machine.now += 1_000;
    machine.command(RELEASE, machine.now, 0);
    assertThat(machine.state()).isInstanceOf(Probing.class);
    machine.now += 1_000;
    machine.command(HOLD_CLOSED, machine.now, machine.now + HOUR);
    assertThat(machine.state()).isInstanceOf(HeldClosed.class);
  }

  @Test
  void theLaterGivenOfTwoCommandsHolds_whateverTheirOrder() {
    Machine machine = new Machine();
    machine.now += MINUTE;
    machine.command(HOLD_CLOSED, Machine.START + 2, Machine.START + HOUR);
    assertThat(machine.command(HOLD_OPEN, Machine.START + 1, Machine.START + HOUR)).isEmpty();
    assertThat(machine.state()).isInstanceOf(HeldClosed.class);
  }

  @Test
  void releaseOfABreakerThatNobodyHoldsChangesNothing() {
    Machine machine = Machine.open();
    State open = machine.state();
    assertThat(machine.command(RELEASE, machine.now, 0)).isEmpty();
    assertThat(machine.state()).isEqualTo(open);
  }

  @Test
  void whenShadowed_callsPassWhileTheMachineGoesOnBeneath() {
    Machine machine = Machine.open();
    machine.command(SHADOW, machine.now, machine.now + HOUR);
    assertThat(machine.state().admittedShare()).isEqualTo(State.FULL_SHARE);
    assertThat(((Shadow) machine.state()).judged()).isInstanceOf(Open.class);
    machine.pass(10_000);
    assertThat(((Shadow) machine.state()).judged()).isInstanceOf(Probing.class);
    machine.command(RELEASE, machine.now, 0);
    assertThat(machine.state()).isInstanceOf(Probing.class);
  }

  @Test
  void afterAHold_aPolicyThatOnlyWatchesStillOnlyWatches() {
    Machine machine = new Machine(Policies.WATCHING);
    machine.command(HOLD_OPEN, machine.now, machine.now + MINUTE);
    machine.pass(MINUTE);
    assertThat(machine.state()).isInstanceOf(Shadow.class);
    machine.command(HOLD_CLOSED, machine.now, machine.now + MINUTE);
    machine.now += 1_000;
    machine.command(RELEASE, machine.now, 0);
    assertThat(machine.state()).isInstanceOf(Shadow.class);
  }

  @Test
  void commandsFromBeforeAnAdoptedStateHaveHadTheirSay() {
    Machine machine = new Machine();
    machine.command(HOLD_OPEN, machine.now, machine.now + HOUR);
    Breaker lost = machine.breaker;
    machine.breaker =
        Breaker.adopt(lost.id(), lost.policy(), lost.state(), lost.epoch(), lost.sinceMillis());
    machine.now += 1_000;
    assertThat(machine.command(RELEASE, Machine.START - 1, 0)).isEmpty();
    assertThat(machine.state()).isInstanceOf(HeldOpen.class);
    machine.command(RELEASE, machine.now, 0);
    assertThat(machine.state()).isInstanceOf(Probing.class);
  }

  @Test
  void theTransitionNamesWhoAndWhy() {
    Machine machine = new Machine();
    var held = machine.command(HOLD_OPEN, machine.now, machine.now + HOUR).orElseThrow();
    assertThat(held.who()).contains("ana");
    assertThat(held.reason()).isEqualTo("HOLD_OPEN by ana: drill");
  }

  @Test
  void aCommandWithoutANameAnEndOrATimeIsRefused() {
    assertThatThrownBy(() -> new Command(HOLD_OPEN, " ", "why", 1, 2))
        .hasMessage("who: \" \" (expected: a name)");
    assertThatThrownBy(() -> new Command(HOLD_OPEN, "ana", "why", 5, 5))
        .hasMessage("untilMillis: 5 (expected: after issuedAtMillis 5, at most 30 days)");
    assertThatThrownBy(() -> new Command(HOLD_OPEN, "ana", "why", 5, Long.MAX_VALUE))
        .hasMessageContaining("at most 30 days");
    assertThatThrownBy(() -> new Command(RELEASE, "ana", "why", 0, 0))
        .hasMessage("issuedAtMillis: 0 (expected: epoch milliseconds, more than 0)");
  }
}
