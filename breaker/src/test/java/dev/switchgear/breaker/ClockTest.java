package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Wall clocks that step, and clocks of two machines that differ. */
class ClockTest {

  private static final long HOUR = 3_600_000;

  @Test
  void whenOpen_andTheClockGoesBackAnHour_itIsLeftAtOnceRatherThanInAnHour() {
    Machine machine = Machine.open();
    machine.now -= HOUR;
    machine.tick();
    assertThat(machine.state()).isInstanceOf(Probing.class);
  }

  @Test
  void whenOpen_andTheClockGoesForwardAnHour_itIsLeft() {
    Machine machine = Machine.open();
    machine.now += HOUR;
    machine.tick();
    assertThat(machine.state()).isInstanceOf(Probing.class);
  }

  @Test
  void whenOpen_aSecondOfSkewBetweenTwoDetectorsDoesNotEndIt() {
    Machine machine = Machine.open();
    machine.restart();
    machine.now -= 1_000;
    machine.tick();
    assertThat(machine.state()).isInstanceOf(Open.class);
  }

  @Test
  void whenOpenInShadow_andThePolicyChangesRightAfterTheStep_itIsLeftAllTheSame() {
    Machine machine = Machine.open();
    machine.now -= HOUR;
    machine.adopt(Policies.WATCHING);
    machine.pass(500);
    assertThat(((Shadow) machine.state()).judged()).isInstanceOf(Probing.class);
  }

  @Test
  void whenRecovering_andTheClockGoesBackAnHour_theRampGoesOnWithinSeconds() {
    Machine machine = Machine.recovering();
    machine.now -= HOUR;
    machine.run(1, Samples.good(25));
    assertThat(machine.state().admittedShare()).isGreaterThan(2_500);
  }

  @Test
  void whenClosed_andTheClockGoesBackAnHour_unguardedFailuresAreStillSeen() {
    Machine machine = Machine.recovering();
    while (!(machine.state() instanceof Closed)) {
      machine.run(1, Samples.good(25));
      machine.tick();
    }
    machine.now -= HOUR;
    for (int i = 0; i < 4; i++) {
      machine.now += 250;
      machine.observe(Samples.bad(25));
    }
    assertThat(machine.state()).isInstanceOf(Open.class);
  }

  @Test
  void anHourBackAndForthMovesNoHealthyBreaker() {
    Machine machine = new Machine();
    for (long step : new long[] {-HOUR, HOUR, HOUR, -HOUR}) {
      machine.run(40, Samples.good(25));
      machine.now += step;
      machine.tick();
    }
    machine.run(40, Samples.good(25));
    assertThat(machine.transitions).isEmpty();
  }

  @Test
  void deadlinesSurviveARestart() {
    Machine machine = Machine.open();
    long until = machine.state().untilMillis();
    machine.restart();
    machine.passUntil(until - 1);
    assertThat(machine.state()).isInstanceOf(Open.class);
    machine.restart();
    machine.passUntil(until);
    assertThat(machine.state()).isInstanceOf(Probing.class);
  }

  @Test
  void aRestartAfterTheDeadlineFiresItOnce() {
    Machine machine = Machine.open();
    long epoch = machine.breaker.epoch();
    machine.now += HOUR;
    machine.restart();
    machine.tick();
    machine.tick();
    assertThat(machine.breaker.epoch()).isEqualTo(epoch + 1);
  }

  @Test
  void theTimerOfAnOlderEpochTouchesNothing() {
    Machine machine = Machine.open();
    long firstEnd = machine.state().untilMillis();
    machine.command(Command.Kind.HOLD_CLOSED, machine.now, machine.now + HOUR);
    State held = machine.state();
    machine.passUntil(firstEnd + 1_000);
    assertThat(machine.state()).isEqualTo(held);
  }

  @Test
  void theBreakerAdoptedFromItsPublishedStateKeepsItsEpochAndItsDeadline() {
    Machine machine = Machine.open();
    Breaker before = machine.breaker;
    machine.breaker =
        Breaker.adopt(
            before.id(), before.policy(), before.state(), before.epoch(), before.sinceMillis());
    machine.passUntil(machine.state().untilMillis() - 1);
    assertThat(machine.breaker.epoch()).isEqualTo(before.epoch());
    machine.now++;
    machine.tick();
    assertThat(machine.breaker.epoch()).isEqualTo(before.epoch() + 1);
  }

  @Test
  void whenHeld_andTheClockGoesForwardAnHour_theHoldIsOver_andNotBefore() {
    Machine machine = Machine.open();
    machine.command(Command.Kind.HOLD_CLOSED, machine.now, machine.now + HOUR);
    machine.now += HOUR - 1;
    machine.tick();
    assertThat(machine.state()).isInstanceOf(HeldClosed.class);
    machine.now++;
    machine.tick();
    assertThat(machine.state()).isInstanceOf(Closed.class);
  }

  @Test
  void whenHeld_andTheClockGoesBackAnHour_theHoldEndsWhenItSays() {
    Machine machine = Machine.open();
    long until = machine.now + HOUR;
    machine.command(Command.Kind.HOLD_OPEN, machine.now, until);
    machine.now -= HOUR;
    machine.passUntil(until - 1);
    assertThat(machine.state()).isInstanceOf(HeldOpen.class);
    machine.passUntil(until);
    assertThat(machine.state()).isInstanceOf(Probing.class);
  }

  @Test
  void whenProbing_andTheClockGoesBackAnHour_probesStillDecide() {
    Machine machine = Machine.probing();
    machine.now -= HOUR;
    machine.run(1, Samples.good(10).andRefused(25));
    assertThat(machine.state()).isInstanceOf(Recovering.class);
  }

  @Test
  void stateAndTimeChangeAsOne_alsoWhereTheClockStepsBetween() {
    Machine machine = Machine.recovering();
    for (long step : new long[] {-HOUR, HOUR, HOUR, -HOUR}) {
      machine.now += step;
      machine.run(4, Samples.good(25));
      machine.tick();
    }
    for (Transition each : machine.transitions) {
      assertThat(each.atMillis()).isPositive();
      assertThat(each.to().untilMillis() == 0 || each.to().untilMillis() > each.atMillis())
          .as("%s", each)
          .isTrue();
    }
    Transition last = machine.transitions.get(machine.transitions.size() - 1);
    assertThat(machine.breaker.sinceMillis()).isEqualTo(last.atMillis());
    assertThat(machine.breaker.epoch()).isEqualTo(last.epoch());
    assertThat(machine.state()).isEqualTo(last.to());
  }
}
