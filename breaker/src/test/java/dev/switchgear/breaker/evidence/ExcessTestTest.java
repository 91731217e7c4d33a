package dev.switchgear.breaker.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExcessTestTest {

  private static final double ACCEPTED = 0.1;

  @Test
  void aCallThatCountsTwiceIsMoreEvidenceThanOne_andLessThanTwo() {
    ExcessTest once = new ExcessTest(ACCEPTED);
    ExcessTest doubled = new ExcessTest(ACCEPTED);
    ExcessTest two = new ExcessTest(ACCEPTED);
    once.add(1, 1, 0, 0);
    doubled.add(1, 1, 1, 0);
    two.add(2, 2, 0, 0);
    assertThat(doubled.strength()).isBetween(once.strength() + 0.1, two.strength() - 0.1);
  }

  /** Each mixture's mean weight is the accepted share, the worst that is no symptom. */
  @ParameterizedTest
  @CsvSource({"0.1, 0", "0, 0.05", "0.05, 0.025"})
  void whateverTheMixture_falseAlarmsAreAsRareAsPromised(double badShare, double doubledShare) {
    int calls = 3_000_000;
    double alarmsAccepted = 30;
    ExcessTest test = new ExcessTest(ACCEPTED);
    double wanted = test.strengthWanted(calls, alarmsAccepted);
    SplittableRandom random = new SplittableRandom(7);
    int alarms = 0;
    for (int i = 0; i < calls; i++) {
      double dice = random.nextDouble();
      int twice = dice < doubledShare ? 1 : 0;
      test.add(1, dice < badShare + doubledShare ? 1 : 0, twice, 0);
      if (test.strength() >= wanted) {
        alarms++;
        test.reset();
      }
    }
    assertThat(alarms).isLessThan((int) alarmsAccepted);
  }
}
