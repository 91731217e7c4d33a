package dev.switchgear.spring;

import dev.switchgear.guard.Health;
import dev.switchgear.guard.Switchgear;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the service's health page is told. Open breakers are no sickness of this instance, nor is a
 * fleet or a Kafka that is not heard: calls are guarded without.
 *
 * @param status DOWN if what runs in the background does not, OUT_OF_SERVICE until it is known how
 *     calls are decided, else UP
 */
record HealthReport(String status, Map<String, Object> details) {

  static HealthReport of(Switchgear gear) {
    Health health = gear.health();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("fleetHeard", health.fleetHeard());
    details.put("breakers", health.beliefs().size());
    details.put("refusing", health.beliefs().stream().filter(HealthReport::isRefusing).count());
    return new HealthReport(status(health), details);
  }

  private static String status(Health health) {
    if (!health.live()) {
      return "DOWN";
    }
    return health.ready() ? "UP" : "OUT_OF_SERVICE";
  }

  private static boolean isRefusing(Health.Belief belief) {
    return belief.admittedShare() == 0;
  }
}
