package dev.switchgear.ingest.gateway;

import java.util.Map;

/**
 * How a gateway runs.
 *
 * @param bootstrapServers Kafka's brokers, {@code host:port[,host:port]}
 * @param host address to listen on
 * @param port port to listen on; 0 for any free one
 * @param bodyLimitBytes largest request body, before and after decompression, 1 KiB..64 MiB
 * @param kafka further settings of the Kafka producer
 */
public record GatewaySettings(
    String bootstrapServers, String host, int port, int bodyLimitBytes, Map<String, String> kafka) {

  /** OTLP's own port for HTTP. */
  public static final int DEFAULT_PORT = 4318;

  private static final int LOWEST_BODY_LIMIT = 1 << 10;
  private static final int HIGHEST_BODY_LIMIT = 64 << 20;

  public GatewaySettings {
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException(
          "bootstrapServers: \"" + bootstrapServers + "\" (expected: host:port[,host:port])");
    }
    if (host.isBlank()) {
      throw new IllegalArgumentException(
          "host: \"" + host + "\" (expected: an address of this machine, such as 127.0.0.1)");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
    }
    if (bodyLimitBytes < LOWEST_BODY_LIMIT || bodyLimitBytes > HIGHEST_BODY_LIMIT) {
      throw new IllegalArgumentException(
          "bodyLimitBytes: %d (expected: %d..%d)"
              .formatted(bodyLimitBytes, LOWEST_BODY_LIMIT, HIGHEST_BODY_LIMIT));
    }
    kafka = Map.copyOf(kafka);
  }
}
