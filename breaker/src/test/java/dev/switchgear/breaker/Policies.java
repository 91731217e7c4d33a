package dev.switchgear.breaker;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.BreakerPolicy.BackOff;
import dev.switchgear.breaker.policy.BreakerPolicy.Errors;
import dev.switchgear.breaker.policy.BreakerPolicy.Probes;
import dev.switchgear.breaker.policy.BreakerPolicy.Ramp;
import dev.switchgear.breaker.policy.BreakerPolicy.Slowness;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Policies that differ in everything that a machine could trip over. */
final class Policies {

  static final BreakerPolicy DEFAULT = BreakerPolicy.DEFAULT;

  static final BreakerPolicy WATCHING = enforced(DEFAULT, false);

  /** Trips at little, comes back at once. */
  static final BreakerPolicy NERVOUS =
      of(
          1,
          true,
          new Errors(0.01, Set.of("not-found"), Set.of("timeout")),
          new Slowness(Duration.ofMillis(1), 1, 0.05),
          10,
          new BackOff(Duration.ofMillis(100), 1, Duration.ofMillis(100), 0.5),
          new Probes(1_000, Duration.ofMillis(100)),
          new Ramp(List.of(), Duration.ofMillis(100)));

  /** Waits long, comes back slowly. */
  static final BreakerPolicy PATIENT =
      of(
          2,
          true,
          new Errors(0.5, Set.of(), Set.of()),
          new Slowness(Duration.ofSeconds(5), 10, 0.5),
          1e-6,
          new BackOff(Duration.ofSeconds(30), 10, Duration.ofMinutes(10), 0),
          new Probes(0.01, Duration.ofMinutes(1)),
          new Ramp(List.of(1, 10, 50, 200, 1_000, 3_000, 7_000, 9_999), Duration.ofSeconds(10)));

  static final List<BreakerPolicy> ALL =
      List.of(DEFAULT, WATCHING, NERVOUS, PATIENT, enforced(PATIENT, false));

  private Policies() {}

  private static BreakerPolicy of(
      long version,
      boolean enforced,
      Errors errors,
      Slowness slowness,
      double falseTripsPerDay,
      BackOff backOff,
      Probes probes,
      Ramp ramp) {
    return new BreakerPolicy(
        version,
        enforced,
        errors,
        slowness,
        falseTripsPerDay,
        backOff,
        probes,
        ramp,
        BreakerPolicy.DEFAULT.windows(),
        BreakerPolicy.DEFAULT.timeout(),
        BreakerPolicy.DEFAULT.staleAfter());
  }

  static BreakerPolicy enforced(BreakerPolicy policy, boolean enforced) {
    return of(
        policy.version(),
        enforced,
        policy.errors(),
        policy.slowness(),
        policy.falseTripsPerDay(),
        policy.backOff(),
        policy.probes(),
        policy.ramp());
  }

  static BreakerPolicy with(BackOff backOff) {
    return of(
        1,
        true,
        DEFAULT.errors(),
        DEFAULT.slowness(),
        DEFAULT.falseTripsPerDay(),
        backOff,
        DEFAULT.probes(),
        DEFAULT.ramp());
  }

  static BreakerPolicy with(Ramp ramp) {
    return of(
        1,
        true,
        DEFAULT.errors(),
        DEFAULT.slowness(),
        DEFAULT.falseTripsPerDay(),
        DEFAULT.backOff(),
        DEFAULT.probes(),
        ramp);
  }

  static BreakerPolicy with(Errors errors, double falseTripsPerDay) {
    return of(
        1,
        true,
        errors,
        DEFAULT.slowness(),
        falseTripsPerDay,
        DEFAULT.backOff(),
        DEFAULT.probes(),
        DEFAULT.ramp());
  }
}
