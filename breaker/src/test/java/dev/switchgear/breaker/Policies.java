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
      new BreakerPolicy(
          1,
          true,
          new Errors(0.01, Set.of("not-found")),
          new Slowness(Duration.ofMillis(1), 1, 0.05),
          10,
          new BackOff(Duration.ofMillis(100), 1, Duration.ofMillis(100), 0.5),
          new Probes(1_000, Duration.ofMillis(100)),
          new Ramp(List.of(), Duration.ofMillis(100)));

  /** Waits long, comes back slowly. */
  static final BreakerPolicy PATIENT =
      new BreakerPolicy(
          2,
          true,
          new Errors(0.5, Set.of()),
          new Slowness(Duration.ofSeconds(5), 10, 0.5),
          1e-6,
          new BackOff(Duration.ofSeconds(30), 10, Duration.ofMinutes(10), 0),
          new Probes(0.01, Duration.ofMinutes(1)),
          new Ramp(List.of(1, 10, 50, 200, 1_000, 3_000, 7_000, 9_999), Duration.ofSeconds(10)));

  static final List<BreakerPolicy> ALL =
      List.of(DEFAULT, WATCHING, NERVOUS, PATIENT, enforced(PATIENT, false));

  private Policies() {}

  static BreakerPolicy enforced(BreakerPolicy policy, boolean enforced) {
    return new BreakerPolicy(
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
    return new BreakerPolicy(
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
    return new BreakerPolicy(
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
    return new BreakerPolicy(
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
