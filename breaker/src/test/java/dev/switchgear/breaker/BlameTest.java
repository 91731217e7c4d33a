package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.breaker.evidence.Dimension;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.evidence.Suspect;
import dev.switchgear.breaker.policy.BreakerPolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BlameTest {

  private static final long START = 1_780_000_000_000L;

  private final Breaker breaker = new Breaker("payments/charge", BreakerPolicy.DEFAULT, START);
  private long now = START;
  private Optional<Transition> opened = Optional.empty();

  @Test
  void oneSickInstanceOfThree_opensNothing_andIsNamed() {
    quarters(40, 0, 0, 0);
    quarters(200, 1, 0, 0);

    assertThat(breaker.state()).isInstanceOf(Closed.class);
    assertThat(breaker.soleSufferer()).contains("checkout (checkout-0)");
  }

  @Test
  void whenItsTroubleIsOver_nobodyIsBlamedAnyMore() {
    quarters(40, 0, 0, 0);
    quarters(40, 1, 0, 0);
    quarters(400, 0, 0, 0);

    assertThat(breaker.soleSufferer()).isEmpty();
    assertThat(breaker.state()).isInstanceOf(Closed.class);
  }

  @Test
  void oneSickService_withAllItsInstances_opensNothing_andIsNamed() {
    for (int quarter = 0; quarter < 240; quarter++) {
      now += 250;
      report("checkout", "checkout-0", 25, quarter < 40 ? 0 : 25);
      report("checkout", "checkout-1", 25, quarter < 40 ? 0 : 25);
      report("cart", "cart-0", 10, 0);
    }

    assertThat(breaker.state()).isInstanceOf(Closed.class);
    assertThat(breaker.soleSufferer()).contains("checkout");
  }

  @Test
  void aDependencyThatFailsForAll_opens_withinTwoReports() {
    quarters(40, 0, 0, 0);
    quarters(2, 1, 1, 1);

    assertThat(breaker.state()).isInstanceOf(Open.class);
    assertThat(breaker.soleSufferer()).isEmpty();
  }

  @Test
  void whereTheOthersHang_theirWordIsNotWaitedForLong() {
    quarters(40, 0, 0, 0);
    for (int quarter = 0; quarter < 3; quarter++) {
      now += 250;
      report("checkout", "checkout-0", 25, 25);
    }

    assertThat(breaker.state()).isInstanceOf(Open.class);
  }

  @Test
  void whoseSpansComeInBatches_isWaitedFor_whereOneCallersTroubleComesFirst() {
    healthyBatches();
    now += 4_000;
    batch("checkout", 4);
    assertThat(breaker.state()).isInstanceOf(Closed.class);
    now += 1_000;
    batch("cart", 0);
    now += 4_000;
    batch("checkout", 5);

    assertThat(breaker.state()).isInstanceOf(Closed.class);
    assertThat(breaker.soleSufferer()).contains("checkout (checkout-0)");
  }

  @Test
  void whoseSpansComeInBatches_isNotWaitedForLonger_whereAllSuffer() {
    healthyBatches();
    now += 4_000;
    batch("checkout", 4);
    now += 1_000;
    batch("cart", 5);

    assertThat(breaker.state()).isInstanceOf(Open.class);
  }

  @Test
  void whoseSpansComeInBatches_isNotWaitedForForEver_whereNoneComes() {
    healthyBatches();
    now += 4_000;
    batch("checkout", 4);
    now += 5_000;
    batch("checkout", 5);

    assertThat(breaker.state()).isInstanceOf(Open.class);
  }

  /** Each of two callers tells of five seconds at once; cart has told last. */
  private void healthyBatches() {
    for (int batch = 0; batch < 10; batch++) {
      now += 4_000;
      batch("checkout", 0);
      now += 1_000;
      batch("cart", 0);
    }
  }

  /** A sample of 25 calls for each of the last five seconds, of which the last ones failed. */
  private void batch(String service, int failedSeconds) {
    for (int second = 5; second > 0; second--) {
      long from = now - second * 1_000L;
      Map<String, Long> errors = second <= failedSeconds ? Map.of("503", 25L) : Map.of();
      Caller caller = Caller.of(service, service + "-0");
      var sample =
          new CallSample(
              caller,
              from,
              from + 1_000,
              breaker.epoch(),
              25,
              errors,
              0,
              ExponentialHistogram.empty(),
              List.of());
      breaker.observe(sample, now);
    }
  }

  @Test
  void whereNobodyElseCalls_theOnlyCallerDecides() {
    now += 250;
    report("checkout", "checkout-0", 25, 0);
    now += 250;
    report("checkout", "checkout-0", 25, 25);

    assertThat(breaker.state()).isInstanceOf(Open.class);
  }

  @Test
  void onceTheOthersSufferToo_itOpens() {
    quarters(40, 0, 0, 0);
    quarters(100, 1, 0, 0);
    quarters(4, 1, 1, 1);

    assertThat(breaker.state()).isInstanceOf(Open.class);
  }

  @Test
  void oneSickCallerAmongCallersThatCallSeldom_opensNothing() {
    for (int second = 0; second < 300; second++) {
      now += 1_000;
      report("checkout", "checkout-0", 1, second < 60 ? 0 : 1);
      report("cart", "cart-0", 1, 0);
    }

    assertThat(breaker.state()).isInstanceOf(Closed.class);
    assertThat(breaker.soleSufferer()).contains("checkout (checkout-0)");
  }

  @Test
  void theReasonNamesWhoStandsOut_withTheNumbers() {
    versionsOf("1.4.1", "1.4.1", 240, false);
    versionsOf("1.4.1", "1.4.2", 4, true);

    Symptom symptom = opened.flatMap(Transition::symptom).orElseThrow();
    assertThat(opened.orElseThrow().reason())
        .contains("in checkout 1.4.2", "elsewhere", "first seen", "s ago");
    assertThat(symptom.suspects().get(0).dimension()).isEqualTo(Dimension.VERSION);
    assertThat(symptom.suspects().get(0).firstSeenMillis()).isBetween(now - 1_000, now);
  }

  @Test
  void whoeverIsBlamedAlone_isSuspectedWithTheNumbers() {
    quarters(40, 0, 0, 0);
    quarters(8, 1, 0, 0);

    Suspect suspect = breaker.suspects(now).get(0);
    assertThat(suspect.value()).isEqualTo("checkout (checkout-0)");
    assertThat(suspect.bad()).isEqualTo(suspect.calls()).isPositive();
    assertThat(suspect.otherBad()).isZero();
  }

  /** Two instances of one service, of which the second fails, and cart, which fails a little. */
  private void versionsOf(String first, String second, int quarters, boolean sick) {
    for (int quarter = 0; quarter < quarters; quarter++) {
      now += 250;
      report(new Caller("cart", "cart-0", "7", null, null), 20, sick ? 4 : 0);
      report(new Caller("checkout", "checkout-0", first, null, null), 20, sick ? 4 : 0);
      report(new Caller("checkout", "checkout-1", second, null, null), 60, sick ? 60 : 0);
    }
  }

  /** Each instance makes a hundred calls a second. */
  private void quarters(int count, int... sick) {
    for (int quarter = 0; quarter < count; quarter++) {
      now += 250;
      for (int instance = 0; instance < sick.length; instance++) {
        report("checkout", "checkout-" + instance, 25, 25L * sick[instance]);
      }
    }
  }

  private void report(String service, String instance, long calls, long failed) {
    report(Caller.of(service, instance), calls, failed);
  }

  private void report(Caller caller, long calls, long failed) {
    CallSample sample =
        new CallSample(
            caller,
            now - 250,
            now,
            breaker.epoch(),
            calls,
            failed == 0 ? Map.of() : Map.of("timeout", failed),
            0,
            ExponentialHistogram.empty(),
            List.of());
    breaker.observe(sample, now).transition().ifPresent(change -> opened = Optional.of(change));
  }
}
