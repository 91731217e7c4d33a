package dev.switchgear.ingest.sdk;

import dev.switchgear.ingest.outlet.Origin;
import dev.switchgear.ingest.outlet.Texts;
import io.opentelemetry.sdk.resources.Resource;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who emitted what this process exports. Reads a resource once, as all of a process's telemetry
 * usually shares one. A process that does not name its instance gets a name for as long as it
 * lives. Thread-safe.
 */
final class Origins {

  private record Known(Resource resource, Origin origin) {}

  private final Consumer<Origin> origins;
  private final String fallbackInstance = UUID.randomUUID().toString();
  private volatile @Nullable Known latest;

  /**
   * Nothing is known yet.
   *
   * @param origins told each that is read
   */
  Origins(Consumer<Origin> origins) {
    this.origins = origins;
  }

  @SuppressWarnings("ReferenceEquality") // An equal resource that is another object is read again.
  Origin of(Resource resource) {
    Known known = latest;
    if (known == null || known.resource() != resource) {
      known = read(resource);
      latest = known;
    }
    return known.origin();
  }

  /** Lets heartbeats begin in this resource's name. */
  void introduce(Resource resource) {
    latest = read(resource);
  }

  private Known read(Resource resource) {
    Origin origin = Origin.of(Texts.of(resource.getAttributes()), fallbackInstance);
    origins.accept(origin);
    return new Known(resource, origin);
  }
}
