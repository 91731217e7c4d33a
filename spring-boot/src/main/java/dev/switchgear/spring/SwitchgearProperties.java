package dev.switchgear.spring;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this instance connects, and what its guards do. A property that is not known fails the start.
 *
 * @param enabled Whether methods are guarded. If not, they are called as if nothing was annotated.
 * @param bootstrapServers Kafka's addresses, host:port, separated by commas. By default those of
 *     spring.kafka.bootstrap-servers, else localhost:9092.
 * @param service Name of the service, as in OpenTelemetry's service.name. By default
 *     spring.application.name.
 * @param instance Name of this instance, unique in the fleet; best the same after a restart. A
 *     random one by default.
 * @param version Version of the service.
 * @param zone Zone this instance runs in.
 * @param region Region this instance runs in; its guards obey breakers of that region, too.
 * @param kafka Further settings of every Kafka client, for example for TLS.
 * @param guards What stands between callers and each dependency, by the guard's name. A name with a
 *     slash has to be in brackets.
 */
@ConfigurationProperties(prefix = SwitchgearProperties.PREFIX, ignoreUnknownFields = false)
record SwitchgearProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable String bootstrapServers,
    @Nullable String service,
    @Nullable String instance,
    @Nullable String version,
    @Nullable String zone,
    @Nullable String region,
    @DefaultValue Map<String, String> kafka,
    @DefaultValue Map<String, GuardProperties> guards,
    @DefaultValue Web web) {

  static final String PREFIX = "switchgear";

  /**
   * How refusals reach HTTP clients.
   *
   * @param enabled Whether a refusal that reaches a controller becomes a response with status 429,
   *     503 or 504, and Retry-After.
   */
  record Web(@DefaultValue("true") boolean enabled) {}
}
