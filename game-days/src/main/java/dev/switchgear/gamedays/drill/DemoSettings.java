package dev.switchgear.gamedays.drill;

/**
 * What a demo run may vary.
 *
 * @param bootstrapServers where Kafka is
 * @param ratePerSecond arrivals per second of each of the three kinds of requests (home page,
 *     search, order), so that each dependency is called at this rate; 1..500
 * @param instances instances of each service, 1..8
 * @param seed of arrival times and customers
 */
public record DemoSettings(
    String bootstrapServers, double ratePerSecond, int instances, long seed) {

  public DemoSettings {
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException(
          "bootstrapServers: \"" + bootstrapServers + "\" (expected: host:port,...)");
    }
    if (!(ratePerSecond >= 1 && ratePerSecond <= 500)) {
      throw new IllegalArgumentException("ratePerSecond: " + ratePerSecond + " (expected: 1..500)");
    }
    if (instances < 1 || instances > 8) {
      throw new IllegalArgumentException("instances: " + instances + " (expected: 1..8)");
    }
  }
}
