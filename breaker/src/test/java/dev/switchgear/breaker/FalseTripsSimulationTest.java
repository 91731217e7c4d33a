package dev.switchgear.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.policy.BreakerPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A year in which a dependency fails exactly as often as is accepted: the worst that may not trip
 * its breaker. How often it does is compared with how often the policy says it may. There is one
 * caller, since nobody else could contradict it, and after a trip a new breaker.
 */
class FalseTripsSimulationTest {

  private static final int DAYS = 365;
  private final SplittableRandom random = new SplittableRandom(42);

  @ParameterizedTest
  @CsvSource({"0.0833, 2000, 1", "1, 5000, 1", "100, 10000, 1", "50000, 20000, 0.001"})
  void inAYear_noMoreThanTheStatedChance(
      double callsPerSecond, int reportMillis, double acceptedPerDay) {
    double accepted = BreakerPolicy.DEFAULT.errors().acceptedShare();
    Year year = new Year(callsPerSecond, reportMillis, accepting(acceptedPerDay), accepted);

    long trips = year.trips(DAYS);

    System.out.printf(
        Locale.ROOT,
        "A year of %7.4g calls/s at the accepted share of errors: %d false trips, accepted are %.3g%n",
        callsPerSecond,
        trips,
        DAYS * acceptedPerDay);
    assertThat(trips).isLessThanOrEqualTo((long) Math.ceil(DAYS * acceptedPerDay));
  }

  /** Were the test deaf, it would trip at nothing either. */
  @Test
  void aboveWhatIsAccepted_itTripsWithinTheDay() {
    Year year = new Year(1, 2_000, BreakerPolicy.DEFAULT, 0.2);
    assertThat(year.trips(1)).isPositive();
  }

  private static BreakerPolicy accepting(double falseTripsPerDay) {
    BreakerPolicy policy = BreakerPolicy.DEFAULT;
    return new BreakerPolicy(
        policy.version(),
        policy.enforced(),
        policy.errors(),
        policy.slowness(),
        falseTripsPerDay,
        policy.backOff(),
        policy.probes(),
        policy.ramp(),
        policy.windows(),
        policy.timeout(),
        policy.staleAfter());
  }

  private final class Year {

    private final double callsPerReport;
    private final int reportMillis;
    private final BreakerPolicy policy;
    private final double share;
    private long now = Machine.START;

    Year(double callsPerSecond, int reportMillis, BreakerPolicy policy, double share) {
      this.callsPerReport = callsPerSecond * reportMillis / 1_000;
      this.reportMillis = reportMillis;
      this.policy = policy;
      this.share = share;
    }

    long trips(int days) {
      long trips = 0;
      Breaker breaker = new Breaker("payments/charge", policy, now);
      for (long end = now + Duration.ofDays(days).toMillis(); now < end; ) {
        now += reportMillis;
        long calls = poisson(callsPerReport);
        if (calls > 0 && breaker.observe(sample(calls), now).transition().isPresent()) {
          trips++;
          breaker = new Breaker("payments/charge", policy, now);
        }
      }
      return trips;
    }

    private CallSample sample(long calls) {
      long failed = binomial(calls, share);
      return new CallSample(
          "checkout",
          "checkout-1",
          now - reportMillis,
          now,
          CallSample.NO_EPOCH,
          calls,
          failed == 0 ? Map.of() : Map.of("timeout", failed),
          0,
          ExponentialHistogram.empty(),
          List.of());
    }
  }

  /** Knuth's method where few are expected, else the normal approximation. */
  private long poisson(double mean) {
    if (mean > 30) {
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    long count = 0;
    double limit = Math.exp(-mean);
    for (double product = random.nextDouble(); product > limit; count++) {
      product *= random.nextDouble();
    }
    return count;
  }

  private long binomial(long tries, double chance) {
    if (tries > 200) {
      double spread = Math.sqrt(tries * chance * (1 - chance));
      long near = Math.round(tries * chance + spread * random.nextGaussian());
      return Math.max(0, Math.min(tries, near));
    }
    long hits = 0;
    for (long i = 0; i < tries; i++) {
      hits += random.nextDouble() < chance ? 1 : 0;
    }
    return hits;
  }
}
