package dev.switchgear.breaker.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.breaker.policy.BreakerPolicy.BackOff;
import dev.switchgear.breaker.policy.BreakerPolicy.Errors;
import dev.switchgear.breaker.policy.BreakerPolicy.Probes;
import dev.switchgear.breaker.policy.BreakerPolicy.Ramp;
import dev.switchgear.breaker.policy.BreakerPolicy.Slowness;
import dev.switchgear.breaker.policy.BreakerPolicy.Timeout;
import dev.switchgear.breaker.policy.BreakerPolicy.Windows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BreakerPolicyTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void aMessageNamesTheArgumentItsValueAndWhatWasExpected() {
    assertRefused(() -> policy(-1, 1), "version: -1 (expected: at least 0)");
    assertRefused(() -> policy(0, 0), "falseTripsPerDay: 0.0 (expected: 1.0E-12..10.0)");
    assertRefused(() -> policy(0, Double.NaN), "falseTripsPerDay: NaN (expected: 1.0E-12..10.0)");
    assertRefused(
        () -> new Errors(0.9, Set.of(), Set.of()), "acceptedShare: 0.9 (expected: 1.0E-4..0.8)");
    assertRefused(
        () -> new Errors(0.1, Set.of(" "), Set.of()),
        "ignored: 1 error types (expected: 100 texts of 1..200 characters at most)");
    assertRefused(() -> new Errors(0.1, Set.of(), Set.of("x".repeat(201))), "double: 1 error");
    assertRefused(
        () -> new Slowness(SECOND, 0.5, 0.1), "timesBaseline: 0.5 (expected: 0, or 1.0..100.0)");
    assertRefused(
        () -> new Windows(Duration.ofMillis(1_500)), "agree: PT1.5S (expected: whole seconds)");
    assertRefused(
        () -> new Windows(Duration.ofSeconds(31)), "agree: PT31S (expected: PT1S..PT30S)");
    assertRefused(() -> new Timeout(0.9, SECOND, SECOND), "factor: 0.9 (expected: 1.0..100.0)");
    assertRefused(
        () -> new Timeout(2, SECOND, Duration.ofMillis(999)),
        "longest: PT0.999S (expected: PT1S..PT10M)");
    assertRefused(
        () -> new Slowness(Duration.ZERO, 1, 0.1), "floor: PT0S (expected: PT0.001S..PT10M)");
    assertRefused(
        () -> new Slowness(SECOND, 1, -0.1), "acceptedShare: -0.1 (expected: 1.0E-4..0.8)");
    assertRefused(() -> new Probes(0, SECOND), "perSecond: 0.0 (expected: 0.01..1000.0)");
    assertRefused(() -> new Probes(1, Duration.ofDays(1)), "rearm: PT24H (expected: PT0.1S..PT1H)");
    assertRefused(
        () -> new Ramp(List.of(5, 5), SECOND), "shares: [5, 5] (expected: growing, each 1..9999)");
    assertRefused(() -> new Ramp(List.of(0), SECOND), "shares: [0]");
    assertRefused(() -> new Ramp(List.of(10_000), SECOND), "shares: [10000]");
    assertRefused(
        () -> new Ramp(List.of(), Duration.ofMillis(1)), "step: PT0.001S (expected: PT0.1S..PT1H)");
  }

  @Test
  void aTimeoutIsAMultipleOfWhatHealthyCallsTake_withinBounds() {
    Timeout timeout = new Timeout(3, Duration.ofMillis(100), SECOND);
    assertThat(timeout.nanos(1e6)).isEqualTo(100e6);
    assertThat(timeout.nanos(200e6)).isEqualTo(600e6);
    assertThat(timeout.nanos(9e9)).isEqualTo(1e9);
  }

  @Test
  void aBackOffThatCannotGrowIsRefused() {
    assertRefused(() -> backOff(Duration.ZERO, 2, SECOND, 0), "first: PT0S");
    assertRefused(() -> backOff(SECOND, 0.9, SECOND, 0), "factor: 0.9 (expected: 1.0..10.0)");
    assertRefused(
        () -> backOff(SECOND, 2, Duration.ofMillis(999), 0),
        "longest: PT0.999S (expected: PT1S..PT24H)");
    assertRefused(() -> backOff(SECOND, 2, SECOND, 0.6), "jitter: 0.6 (expected: 0.0..0.5)");
  }

  @Test
  void theBackOffGrowsToItsLimit_andStaysThere() {
    BackOff backOff = backOff(SECOND, 2, Duration.ofSeconds(10), 0);
    assertThat(
            List.of(0, 1, 2, 3, 4, 64, Integer.MAX_VALUE).stream().map(n -> backOff.millis(n, 0)))
        .containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 10_000L, 10_000L, 10_000L);
  }

  @Test
  void jitterShortensAndLengthens_andTheLongestSaysByHowMuch() {
    BackOff backOff = backOff(SECOND, 2, SECOND, 0.2);
    assertThat(backOff.millis(0, 0)).isEqualTo(800);
    assertThat(backOff.millis(0, 0.5)).isEqualTo(1_000);
    assertThat(backOff.millis(9, 1)).isEqualTo(1_200).isEqualTo(backOff.longestMillis());
  }

  @Test
  void listsAndSetsAreCopies() {
    List<Integer> shares = new ArrayList<>(List.of(1, 2));
    Ramp ramp = new Ramp(shares, SECOND);
    shares.add(1);
    assertThat(ramp.shares()).containsExactly(1, 2);
  }

  private static BreakerPolicy policy(long version, double falseTripsPerDay) {
    BreakerPolicy d = BreakerPolicy.DEFAULT;
    return new BreakerPolicy(
        version,
        true,
        d.errors(),
        d.slowness(),
        falseTripsPerDay,
        d.backOff(),
        d.probes(),
        d.ramp(),
        d.windows(),
        d.timeout(),
        d.staleAfter());
  }

  private static BackOff backOff(Duration first, double factor, Duration longest, double jitter) {
    return new BackOff(first, factor, longest, jitter);
  }

  private static void assertRefused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
