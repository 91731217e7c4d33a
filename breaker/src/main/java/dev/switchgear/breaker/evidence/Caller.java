package dev.switchgear.breaker.evidence;

import org.jspecify.annotations.Nullable;

/**
 * Who makes calls, as OpenTelemetry's resource attributes say; null where they do not.
 *
 * @param service {@code service.name}
 * @param instance {@code service.instance.id}
 * @param version {@code service.version}
 * @param zone {@code cloud.availability_zone}
 * @param region {@code cloud.region}
 */
public record Caller(
    String service,
    String instance,
    @Nullable String version,
    @Nullable String zone,
    @Nullable String region) {

  /** Of whom nothing more is known. */
  public static Caller of(String service, String instance) {
    return new Caller(service, instance, null, null, null);
  }
}
