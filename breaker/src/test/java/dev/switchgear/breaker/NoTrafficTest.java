package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Nobody calls, or hardly anybody. */
class NoTrafficTest {

  @Test
  void openIsNotForEver_andTheFirstFewCallsClose() {
    Machine machine = Machine.open();
    machine.pass(600_000);
    assertThat(machine.state()).isInstanceOf(Probing.class);
    assertThat(machine.state().admittedShare()).isGreaterThan(5_000);
    machine.run(8, Samples.good(1));
    assertThat(machine.state()).isInstanceOf(Closed.class);
  }

  @Test
  void whenProbing_idleIsNeitherHealthNorFailure() {
    Machine machine = Machine.open();
    machine.pass(120_000);
    long epoch = machine.breaker.epoch();
    machine.pass(3_600_000);
    assertThat(machine.breaker.epoch()).isEqualTo(epoch);
  }

  @Test
  void whenRecovering_andDemandFalls_itDoesNotStarveAtASmallShare() {
    Machine machine = new Machine();
    machine.run(240, Samples.good(2_500));
    machine.run(4, Samples.bad(2_500));
    machine.passUntil(machine.state().untilMillis());
    machine.run(1, Samples.good(10).andRefused(2_500));
    assertThat(machine.state().admittedShare()).isEqualTo(100);
    machine.pass(120_000);
    assertThat(machine.state()).isInstanceOf(Probing.class);
    machine.run(8, Samples.good(1));
    assertThat(machine.state()).isInstanceOf(Closed.class);
  }

  @Test
  void whenRecovering_andDemandStays_itWaitsForEvidence() {
    Machine machine = Machine.recovering();
    State recovering = machine.state();
    for (int i = 0; i < 200; i++) {
      machine.run(1, Samples.NONE.andRefused(25));
      machine.tick();
    }
    assertThat(machine.state()).isEqualTo(recovering);
  }

  @Test
  void aClosedBreakerHasNoTimer() {
    Machine machine = new Machine();
    machine.run(1, Samples.bad(8));
    assertThat(machine.breaker.hasTimer()).isFalse();
    machine.pass(600_000);
    assertThat(machine.transitions).isEmpty();
  }
}
