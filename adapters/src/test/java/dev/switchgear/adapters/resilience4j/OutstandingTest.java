package dev.switchgear.adapters.resilience4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.guard.Permit;
import dev.switchgear.guard.TestGear;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutstandingTest {

  private final TestGear test = TestGear.of("checkout");
  private final Outstanding outstanding = new Outstanding();

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void aResult_isOfTheEpochInWhichItsCallBegan() {
    Permit first = permit(1);
    Permit second = permit(2);
    Permit third = permit(3);
    assertThat(outstanding.add(first, 10)).isTrue();
    assertThat(outstanding.add(second, 20)).isTrue();
    assertThat(outstanding.add(second, 25)).isFalse();
    assertThat(outstanding.add(third, 30)).isTrue();

    assertThat(outstanding.take(29)).isSameAs(second);
    assertThat(outstanding.take(12)).isSameAs(first);
    assertThat(outstanding.take(31)).isSameAs(third);
    assertThat(outstanding.take(31)).isSameAs(second);
    assertThat(outstanding.take(31)).isNull();
  }

  @Test
  void aClockThatIsALittleBehind_findsTheOldestThatIsOut() {
    Permit only = permit(1);
    outstanding.add(only, 10);

    assertThat(outstanding.take(9)).isSameAs(only);
  }

  @Test
  void callsThatNeverEnd_areForgottenWithTheirEpoch() {
    for (int epoch = 0; epoch < 20; epoch++) {
      outstanding.add(permit(epoch), epoch);
    }

    int left = 0;
    while (outstanding.take(100) != null) {
      left++;
    }
    assertThat(left).isEqualTo(16);
  }

  private Permit permit(int epoch) {
    return (Permit) test.gear().guard("epoch-" + epoch).admit();
  }
}
