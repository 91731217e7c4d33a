package dev.switchgear.guard;

import dev.switchgear.breaker.evidence.Caller;
import org.jspecify.annotations.Nullable;

/**
 * Who this instance is.
 *
 * @param startedAtMillis tells this start of the instance from earlier ones
 */
record Identity(
    String service,
    String instance,
    @Nullable String version,
    @Nullable String zone,
    @Nullable String region,
    long startedAtMillis) {

  Identity {
    Names.check("service", service);
    Names.check("instance", instance);
  }

  /** As the brain knows it. */
  Caller caller() {
    return new Caller(service, instance, version, zone, region);
  }
}
