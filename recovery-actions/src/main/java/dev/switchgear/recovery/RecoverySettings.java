package dev.switchgear.recovery;

import java.nio.file.Path;
import java.util.Map;

/**
 * How one instance of recovery-actions runs. All instances of one application id share the work and
 * must agree on the rates and limits.
 *
 * @param bootstrapServers brokers to start with, {@code host:port[,host:port]}
 * @param applicationId names the group, the stores' topics and the transactions
 * @param stateDirectory where this instance keeps its state; not shared with another process
 * @param threads stream threads, 1..64
 * @param releasePerSecond items released per second and queue over the whole group while the
 *     breaker admits everything, above 0 and at most 100000
 * @param inFlightLimit released items of one queue without an outcome, over the whole group,
 *     1..10000
 * @param attempts failed attempts after which an item is quarantined, 1..100
 * @param kafka client settings that win over all others
 */
public record RecoverySettings(
    String bootstrapServers,
    String applicationId,
    Path stateDirectory,
    int threads,
    double releasePerSecond,
    int inFlightLimit,
    int attempts,
    Map<String, String> kafka) {

  public RecoverySettings {
    require(!bootstrapServers.isBlank(), "bootstrapServers", bootstrapServers, "host:port");
    require(
        applicationId.matches("[a-zA-Z0-9._-]{1,100}"),
        "applicationId",
        applicationId,
        "1..100 letters, digits, '.', '_' and '-'");
    require(threads >= 1 && threads <= 64, "threads", threads, "1..64");
    require(
        releasePerSecond > 0 && releasePerSecond <= 100_000,
        "releasePerSecond",
        releasePerSecond,
        "above 0, at most 100000");
    require(
        inFlightLimit >= 1 && inFlightLimit <= 10_000, "inFlightLimit", inFlightLimit, "1..10000");
    require(attempts >= 1 && attempts <= 100, "attempts", attempts, "1..100");
    kafka = Map.copyOf(kafka);
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
