package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Results that come when the breaker has moved on, and probes whose results never come. */
class LateResultsTest {

  @Test
  void whenProbing_lateSuccessesFromTheClosedEpochDoNotClose() {
    Machine machine = Machine.probing();
    var before = Kept.of(machine.breaker);
    machine.observe(Samples.good(1_000).ofEpoch(0));
    machine.tick();
    assertThat(machine.state()).isInstanceOf(Probing.class);
    assertThat(Kept.of(machine.breaker)).isEqualTo(before);
  }

  @Test
  void whenProbing_unguardedSuccessesFromBeforeItBeganDoNotClose() {
    Machine machine = Machine.probing();
    machine.now += 100;
    machine.observe(Samples.good(1_000));
    assertThat(machine.state()).isInstanceOf(Probing.class);
  }

  @Test
  void whenProbing_lateFailuresFromTheClosedEpochDoNotOpen() {
    Machine machine = Machine.probing();
    machine.observe(Samples.bad(1_000).ofEpoch(0));
    assertThat(machine.state()).isInstanceOf(Probing.class);
  }

  @Test
  void whenClosedAgain_lateFailuresFromEachEarlierEpochDoNotOpen() {
    Machine machine = Machine.recovering();
    while (!(machine.state() instanceof Closed)) {
      machine.run(1, Samples.good(25));
      machine.tick();
    }
    for (long epoch = 0; epoch < machine.breaker.epoch(); epoch++) {
      machine.observe(Samples.bad(1_000).ofEpoch(epoch));
    }
    assertThat(machine.state()).isInstanceOf(Closed.class);
  }

  @Test
  void whenOpen_resultsOfCallsAdmittedBeforeNeitherCloseNorShortenIt() {
    Machine machine = Machine.open();
    State open = machine.state();
    for (int i = 0; i < 4; i++) {
      machine.now += 250;
      machine.observe(Samples.good(100).ofEpoch(0));
      machine.tick();
    }
    assertThat(machine.state()).isEqualTo(open);
  }

  @Test
  void probesThatNeverCompleteHoldNothing_theNextOnesStillDecide() {
    Machine machine = Machine.probing();
    for (int i = 0; i < 400; i++) {
      machine.run(1, Samples.NONE.andRefused(25));
      machine.tick();
    }
    assertThat(machine.state()).isInstanceOf(Probing.class);
    assertThat(machine.state().admittedShare()).isPositive();
    machine.run(1, Samples.good(8));
    assertThat(machine.state()).isInstanceOf(Recovering.class);
  }

  @Test
  void whenProbing_andDemandGrowsTenfold_theShareIsSetAnewOnceRearmed() {
    Machine machine = Machine.probing();
    int share = machine.state().admittedShare();
    for (int i = 0; i < 240; i++) {
      machine.run(1, Samples.NONE.andRefused(250));
      machine.tick();
    }
    assertThat(machine.state()).isInstanceOf(Probing.class);
    assertThat(machine.state().admittedShare()).isBetween(1, share / 5);
  }

  @Test
  void aCancelledProbeIsNoResult_itNeitherClosesNorOpens() {
    Machine machine = Machine.probing();
    State probing = machine.state();
    machine.run(100, Samples.NONE);
    assertThat(machine.state()).isEqualTo(probing);
    machine.run(1, Samples.good(8));
    assertThat(machine.state()).isInstanceOf(Recovering.class);
  }

  @Test
  void refusalsAreNoEvidence_howeverManyThereAre() {
    Machine machine = new Machine();
    machine.run(1_000, Samples.NONE.andRefused(10_000));
    assertThat(machine.transitions).isEmpty();
    Machine probing = Machine.probing();
    long epoch = probing.breaker.epoch();
    probing.run(10, Samples.NONE.andRefused(10_000));
    assertThat(probing.breaker.epoch()).isEqualTo(epoch);
  }

  @Test
  void lateResultsRefundNothing_theShareOfProbesAndWhatTheyProvedStay() {
    Machine machine = Machine.probing();
    machine.run(1, Samples.good(3).andRefused(25));
    State before = machine.state();
    Breaker.Probed probed = machine.breaker.snapshot().probed();
    machine.observe(Samples.good(1_000).ofEpoch(0));
    machine.observe(Samples.bad(1_000).ofEpoch(1));
    machine.tick();
    assertThat(machine.state()).isEqualTo(before);
    assertThat(machine.breaker.snapshot().probed()).isEqualTo(probed);
    assertThat(probed.calls()).isEqualTo(3);
  }
}
