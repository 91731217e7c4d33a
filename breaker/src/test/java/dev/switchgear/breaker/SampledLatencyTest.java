package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.policy.BreakerPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Callers that time a random part of their calls, because they call very often, are judged as if
 * they had timed all of them.
 */
class SampledLatencyTest {

  private static final double ACCEPTED = 0.05;
  private static final BreakerPolicy POLICY = byTheFloorAlone(BreakerPolicy.DEFAULT);
  private static final double QUICK = 5e6;
  private static final double SLOW = POLICY.slowness().floor().toNanos() * 100.0;
  private static final int QUARTERS_OF_A_MINUTE = 240;

  private final SplittableRandom random = new SplittableRandom(42);
  private long now = Machine.START;
  private Breaker breaker = new Breaker("payments/charge", POLICY, now);
  private Optional<Transition> moved = Optional.empty();

  @Test
  void aSlowDependencyAtFiftyThousandCallsASecond_tripsWithTheSameReport_timedOrNot() {
    assertThat(quartersUntilTrip(1)).isEqualTo(quartersUntilTrip(16)).isEqualTo(1);
  }

  @Test
  void twiceTheAcceptedShare_tripsWithinTwoSeconds_timedOrNot() {
    assertThat(quartersUntilTrip(1, 2 * ACCEPTED)).isBetween(1, 8);
    assertThat(quartersUntilTrip(16, 2 * ACCEPTED)).isBetween(1, 8);
  }

  private int quartersUntilTrip(int oneIn) {
    return quartersUntilTrip(oneIn, 1);
  }

  private int quartersUntilTrip(int oneIn, double slowShare) {
    breaker = new Breaker("payments/charge", POLICY, now);
    for (int i = 0; i < QUARTERS_OF_A_MINUTE; i++) {
      quarter("checkout", 1, 12_500, oneIn, 0.001);
    }
    assertThat(breaker.state()).isInstanceOf(Closed.class);
    int quarters = 0;
    while (breaker.state() instanceof Closed && quarters < QUARTERS_OF_A_MINUTE) {
      quarter("checkout", 1, 12_500, oneIn, slowShare);
      quarters++;
    }
    assertThat(moved.flatMap(Transition::symptom).orElseThrow().kind())
        .isEqualTo(Symptom.Kind.SLOWNESS);
    return quarters;
  }

  /**
   * As often as it may be slow, for a week, of which a guard times as few as it ever does: what is
   * accepted is one false trip in three years. Were each timed call counted for sixteen, there
   * would be some a day.
   */
  @Test
  void atTheAcceptedShare_nothingTripsInAWeek() {
    for (long quarter = 0; quarter < Duration.ofDays(7).toMillis() / 250; quarter++) {
      report("checkout", 1, 8_000, 500, ACCEPTED, 250);
      assertThat(breaker.state()).isInstanceOf(Closed.class);
    }
  }

  @Test
  void theShareThatIsSeen_isThatOfAllCalls() {
    for (int i = 0; i < 40; i++) {
      quarter("checkout", 1, 12_500, 16, 0.03);
    }
    var seen = breaker.snapshot().slices().get(5).totals();

    assertThat(seen.calls()).isEqualTo(50_000);
    assertThat(seen.timed()).isEqualTo(50_000 - seen.untimed()).isBetween(3_000L, 3_300L);
    assertThat(seen.slow() / (double) seen.timed()).isEqualTo(0.03, within(0.015));
  }

  /** A batch job is slow by nature, and makes one call in two hundred. */
  @Test
  void whoeverCallsSeldom_countsForNoMoreThanItsCalls() {
    for (int i = 0; i < QUARTERS_OF_A_MINUTE; i++) {
      for (int web = 0; web < 10; web++) {
        quarter("web", web, 25_000, 32, 0.001);
      }
      for (int batch = 0; batch < 20; batch++) {
        quarter("batch", batch, 250, 1, 0.5);
      }
      now += 250;
      assertThat(breaker.state()).isInstanceOf(Closed.class);
      assertThat(breaker.soleSufferer()).isEmpty();
    }
  }

  @Test
  void errorsAreCountedExactly_whateverIsTimed() {
    CallSample healthy = sample("checkout", 1, 12_500, 781, 0, 250, Map.of());
    breaker.observe(healthy, now);
    breaker.observe(sample("checkout", 1, 12_500, 781, 0, 250, Map.of("timeout", 20L)), now);

    var seen = breaker.snapshot().slices().get(0).totals();
    assertThat(seen.calls()).isEqualTo(25_000);
    assertThat(seen.errors()).isEqualTo(20);
  }

  @Test
  void whatItWasDecidedBy_decidesAgain() {
    assertThat(quartersUntilTrip(16, 3 * ACCEPTED)).isPositive();
    Transition trip = moved.orElseThrow();
    Symptom symptom = trip.symptom().orElseThrow();

    assertThat(symptom.judgedAgain().isProven()).isTrue();
    assertThat(symptom.judgedAgain().strength()).isEqualTo(symptom.strength(), within(1e-6));
    assertThat(trip.totals().untimed()).isPositive();
    assertThat(symptom.test())
        .isInstanceOfSatisfying(
            Symptom.Excess.class,
            excess -> assertThat(excess.recentCalls()).isEqualTo(trip.totals().timed()));
  }

  @Test
  void probesOfWhichAPartIsTimed_proveHealthByThatPart_alsoAfterARestart() {
    breaker = Breaker.adopt("payments/charge", POLICY, new Probing(10, now, 0), 3, now);
    for (int i = 0; i < 3 && moved.isEmpty(); i++) {
      observe(sample("checkout", 1, 16, 4, 0, 250, Map.of()));
      breaker = Breaker.restore(breaker.id(), POLICY, breaker.snapshot());
    }

    Breaker.Probed probed = moved.orElseThrow().probed();
    assertThat(probed).isEqualTo(new Breaker.Probed(32, 0, 0, 24));
    assertThat(probed.isWell(POLICY.errors().acceptedShare(), ACCEPTED)).isTrue();
    assertThat(new Breaker.Probed(32, 0, 0, 30).isWell(POLICY.errors().acceptedShare(), ACCEPTED))
        .isFalse();
  }

  /** Slow is the same from first to last. */
  private static BreakerPolicy byTheFloorAlone(BreakerPolicy policy) {
    return new BreakerPolicy(
        policy.version(),
        policy.enforced(),
        policy.errors(),
        new BreakerPolicy.Slowness(policy.slowness().floor(), 0, ACCEPTED),
        policy.falseTripsPerDay(),
        policy.backOff(),
        policy.probes(),
        policy.ramp(),
        policy.windows(),
        policy.timeout(),
        policy.staleAfter());
  }

  /** One report of a quarter of a second, as the guard of that instance draws what it times. */
  private void quarter(String service, int instance, int calls, int oneIn, double slowShare) {
    int timed = oneIn == 1 ? calls : hits(calls, 1.0 / oneIn);
    report(service, instance, calls, timed, slowShare, 250);
  }

  private void report(
      String service, int instance, int calls, int timed, double slowShare, int millis) {
    now += service.equals("checkout") ? millis : 0;
    observe(sample(service, instance, calls, timed, hits(timed, slowShare), millis, Map.of()));
  }

  private void observe(CallSample sample) {
    Optional<Transition> transition = breaker.observe(sample, now).transition();
    moved = transition.isPresent() ? transition : moved;
  }

  private CallSample sample(
      String service,
      int instance,
      int calls,
      int timed,
      int slow,
      int millis,
      Map<String, Long> errors) {
    ExponentialHistogram latency = ExponentialHistogram.empty();
    latency.record(QUICK, timed - slow);
    latency.record(SLOW, slow);
    return new CallSample(
        service,
        service + "-" + instance,
        now - millis,
        now,
        breaker.epoch(),
        calls,
        errors,
        0,
        latency,
        List.of());
  }

  /** A binomial number, by its normal approximation where there are many tries. */
  private int hits(int tries, double chance) {
    if (tries > 1_000) {
      double spread = Math.sqrt(tries * chance * (1 - chance));
      long near = Math.round(tries * chance + spread * random.nextGaussian());
      return (int) Math.max(0, Math.min(tries, near));
    }
    int hits = 0;
    for (int i = 0; i < tries; i++) {
      hits += random.nextDouble() < chance ? 1 : 0;
    }
    return hits;
  }
}
