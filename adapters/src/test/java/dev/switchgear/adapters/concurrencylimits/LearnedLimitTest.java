package dev.switchgear.adapters.concurrencylimits;

import static org.assertj.core.api.Assertions.assertThat;

import com.netflix.concurrency.limits.limit.AIMDLimit;
import com.netflix.concurrency.limits.limit.Gradient2Limit;
import dev.switchgear.guard.Bulkhead;
import dev.switchgear.guard.ConcurrencyLimit;
import dev.switchgear.guard.GuardedCall;
import dev.switchgear.guard.Permit;
import dev.switchgear.guard.TestGear;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LearnedLimitTest {

  private static final long FAST = 1_000_000;

  private final TestGear test = TestGear.of("shop");
  private final Deque<Permit> running = new ArrayDeque<>();

  @AfterEach
  void close() {
    test.close();
  }

  private GuardedCall<String> call(Bulkhead bulkhead) {
    return test.gear().guard("payments/charge", String.class).bulkhead(bulkhead).build();
  }

  private int start(GuardedCall<String> call) {
    int started = 0;
    while (call.admit() instanceof Permit permit) {
      running.add(permit);
      started++;
    }
    return started;
  }

  @Test
  void whileAllIsAnswered_moreAndMoreMayRun() {
    ConcurrencyLimit limit =
        LearnedLimit.of(AIMDLimit.newBuilder().minLimit(1).initialLimit(4).build());
    Bulkhead bulkhead = test.gear().bulkhead("payments", limit);
    GuardedCall<String> call = call(bulkhead);

    assertThat(start(call)).isEqualTo(4);
    running.remove().success(FAST);

    assertThat(bulkhead.calls()).isEqualTo(5);
    assertThat(start(call)).isEqualTo(2);
  }

  @Test
  void whenCallsTimeOut_fewerMayRun_andOtherFailuresSayNothing() {
    ConcurrencyLimit limit =
        LearnedLimit.of(AIMDLimit.newBuilder().minLimit(1).initialLimit(20).build());
    Bulkhead bulkhead = test.gear().bulkhead("payments", limit);
    start(call(bulkhead));

    running.remove().failure("IllegalArgumentException", FAST);
    assertThat(bulkhead.calls()).isEqualTo(20);
    running.remove().failure("TimeoutException", FAST);
    assertThat(bulkhead.calls()).isEqualTo(18);
    running.remove().failure("503", FAST);
    assertThat(bulkhead.calls()).isEqualTo(16);
    assertThat(bulkhead.running()).isEqualTo(17);
  }

  @Test
  void anotherOpinionOfFailures_counts() {
    var aimd = AIMDLimit.newBuilder().minLimit(1).initialLimit(20).build();
    Bulkhead bulkhead = test.gear().bulkhead("payments", LearnedLimit.of(aimd, "TooBusy"::equals));
    start(call(bulkhead));

    running.remove().failure("TimeoutException", FAST);
    assertThat(bulkhead.calls()).isEqualTo(20);
    running.remove().failure("TooBusy", FAST);
    assertThat(bulkhead.calls()).isEqualTo(18);
  }

  @Test
  void whenAnswersTakeLonger_theGradientLetsFewerRun() {
    var gradient = Gradient2Limit.newBuilder().initialLimit(50).maxConcurrency(100).build();
    Bulkhead bulkhead = test.gear().bulkhead("payments", LearnedLimit.of(gradient));
    GuardedCall<String> call = call(bulkhead);
    round(call, 200, FAST);
    int well = bulkhead.calls();

    round(call, 20, 20 * FAST);

    assertThat(bulkhead.calls()).isLessThan(well / 2);
  }

  private void round(GuardedCall<String> call, int answers, long nanos) {
    for (int i = 0; i < answers; i++) {
      start(call);
      running.remove().success(nanos);
    }
  }
}
