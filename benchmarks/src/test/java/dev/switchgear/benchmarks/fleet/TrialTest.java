package dev.switchgear.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrialTest {

  private static final Outage OUTAGE = new Outage(20, 1, Outage.Fault.FAILS, 0.001, 150, 7);

  private static long ended(Toll toll) {
    long refused = toll.refusedWell() + toll.refusedDead() + toll.refusedHealed();
    return toll.succeeded() + toll.failed() + toll.wasted() + toll.probes() + refused;
  }

  private static long stopped(Toll toll) {
    return Objects.requireNonNull(toll.stoppedMillis());
  }

  @ParameterizedTest
  @EnumSource
  void everyCallEndsOnce(Contender contender) {
    for (Outage.Fault fault : Outage.Fault.values()) {
      Toll toll = Trial.run(OUTAGE.withFault(fault), contender);

      assertThat(toll.made()).isGreaterThan(5_000);
      assertThat(ended(toll)).isEqualTo(toll.made());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyContenderStops_andComesBack(Contender contender) {
    Toll toll = Trial.run(OUTAGE, contender);

    assertThat(toll.stoppedMillis()).isPositive();
    assertThat(toll.wasted()).isPositive();
    assertThat(toll.refusedDead()).isGreaterThan(toll.wasted());
    assertThat(toll.fullSeconds()).isNotNull();
  }

  @ParameterizedTest
  @EnumSource
  void theSameSeedGivesTheSameFigures_anotherOneOthers(Contender contender) {
    Toll toll = Trial.run(OUTAGE, contender);

    assertThat(Trial.run(OUTAGE, contender)).isEqualTo(toll);
    assertThat(Trial.run(OUTAGE.withSeed(8), contender)).isNotEqualTo(toll);
  }

  @Test
  void contendersMeetTheSameCalls() {
    assertThat(List.of(Contender.values()))
        .extracting(contender -> Trial.run(OUTAGE, contender).made())
        .containsOnly(Trial.run(OUTAGE, Contender.SWITCHGEAR).made());
  }

  @Test
  void aLongerWayToTheGuardsWastesMore() {
    Outage slow = new Outage(20, 1, Outage.Fault.FAILS, 0.001, 2_150, 7);

    Toll toll = Trial.run(OUTAGE, Contender.SWITCHGEAR);
    Toll later = Trial.run(slow, Contender.SWITCHGEAR);

    assertThat(stopped(later)).isEqualTo(stopped(toll) + 2_000);
    assertThat(later.wasted()).isGreaterThan(toll.wasted());
  }

  @Test
  void anOutageThatCannotBeIsRefused() {
    assertThatThrownBy(() -> OUTAGE.withInstances(0))
        .hasMessage("instances: 0 (expected: 1..10000)");
    assertThatThrownBy(() -> new Outage(1, 0, Outage.Fault.FAILS, 0, 0, 1))
        .hasMessage("rate: 0 (expected: 0.01..100)");
  }
}
