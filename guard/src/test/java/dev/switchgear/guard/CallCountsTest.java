package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a service may read of the counts, for meters of its own. */
class CallCountsTest {

  private final TestGear test = TestGear.of("checkout");
  private final Switchgear gear = test.gear();
  private final GuardedCall<String> guard =
      gear.guard("payments/charge", String.class).fallbackValue("later").build();

  @AfterEach
  void close() {
    test.close();
  }

  @Test
  void callsErrorsAndRefusals_areCountedThroughAllEpochs() throws Exception {
    guard.call(() -> "answer");
    guard.call(CallCountsTest::fail);
    test.open("payments/charge");
    guard.call(() -> "answer");
    guard.call(() -> "answer");
    test.closed("payments/charge");
    guard.call(() -> "answer");
    test.pass(Duration.ofSeconds(1));

    assertThat(gear.counts()).containsExactly(new CallCounts("payments/charge", 3, 1, 2));
  }

  @Test
  void degradedCalls_areCountedOnceSomebodyAsks() throws Exception {
    test.open("payments/charge");
    guard.call(() -> "answer");
    assertThat(gear.degraded()).isEmpty();

    guard.call(() -> "answer");
    assertThat(gear.degraded())
        .containsExactly(new DegradedCount("payments/charge", "value", "breaker", 1));
  }

  @Test
  void admittedByPlace_theSameCallersAreLetThrough() {
    Guard byPlace = gear.guard("payments/charge");
    test.recovering("payments/charge", 2_500);

    assertThat(byPlace.admit(2_499)).isInstanceOf(Permit.class);
    assertThat(byPlace.admit(2_500)).isInstanceOf(Refusal.class);
    test.closed("payments/charge");
    assertThat(byPlace.admit(9_999)).isInstanceOf(Permit.class);
  }

  private static String fail() throws IOException {
    throw new IOException();
  }
}
