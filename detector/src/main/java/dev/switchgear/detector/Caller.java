package dev.switchgear.detector;

import dev.switchgear.schemas.Observation;
import dev.switchgear.schemas.Span;
import org.jspecify.annotations.Nullable;

/** Who made calls. */
record Caller(
    String service,
    String instance,
    @Nullable String version,
    @Nullable String zone,
    @Nullable String region) {

  static Caller of(Span span) {
    return new Caller(
        span.getService(),
        span.getInstance(),
        span.getServiceVersion(),
        span.getZone(),
        span.getRegion());
  }

  static Caller of(Observation observation) {
    return new Caller(
        observation.getService(),
        observation.getInstance(),
        observation.getServiceVersion(),
        observation.getZone(),
        observation.getRegion());
  }

  /** Refuses one whose names are unusable. */
  Caller checked() {
    Names.check("service", service);
    Names.check("instance", instance);
    return this;
  }
}
