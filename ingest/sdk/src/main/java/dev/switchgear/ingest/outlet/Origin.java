package dev.switchgear.ingest.outlet;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who emitted telemetry, by OpenTelemetry's resource attributes. */
public record Origin(
    String service,
    String instance,
    @Nullable String version,
    @Nullable String zone,
    @Nullable String region) {

  private static final String UNKNOWN_SERVICE = "unknown_service";

  /**
   * Reads a resource.
   *
   * @param fallbackInstance for resources that tell their instances apart by nothing
   */
  public static Origin of(Texts resource, String fallbackInstance) {
    return new Origin(
        Objects.requireNonNullElse(resource.firstOf("service.name"), UNKNOWN_SERVICE),
        Objects.requireNonNullElse(instance(resource), fallbackInstance),
        resource.firstOf("service.version"),
        resource.firstOf("cloud.availability_zone"),
        resource.firstOf("cloud.region"));
  }

  private static @Nullable String instance(Texts resource) {
    String host = resource.firstOf("host.name");
    String process = resource.firstOf("process.pid");
    String named =
        resource.firstOf("service.instance.id", "k8s.pod.uid", "k8s.pod.name", "container.id");
    return named != null || host == null || process == null ? named : host + ":" + process;
  }
}
