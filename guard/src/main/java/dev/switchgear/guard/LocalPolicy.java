package dev.switchgear.guard;

import dev.switchgear.breaker.policy.BreakerPolicy;

/** By what an instance judges alone, unless it is told otherwise. */
final class LocalPolicy {

  private static final double PROBES_PER_SECOND = 1;

  /**
   * The default policy, with one probe a second: where nobody judges for the fleet every instance
   * probes, and a hundred of them make a hundred probes.
   */
  static final BreakerPolicy DEFAULT = alone(BreakerPolicy.DEFAULT);

  private LocalPolicy() {}

  private static BreakerPolicy alone(BreakerPolicy fleet) {
    return new BreakerPolicy(
        fleet.version(),
        fleet.enforced(),
        fleet.errors(),
        fleet.slowness(),
        fleet.falseTripsPerDay(),
        fleet.backOff(),
        new BreakerPolicy.Probes(PROBES_PER_SECOND, fleet.probes().rearm()),
        fleet.ramp(),
        fleet.windows(),
        fleet.timeout(),
        fleet.staleAfter(),
        fleet.split(),
        fleet.watched(),
        fleet.quota());
  }
}
