package dev.switchgear.detector;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one instance of the detector runs. All instances of one application id share the breakers and
 * must be given the same policy file.
 *
 * @param bootstrapServers brokers to start with, {@code host:port[,host:port]}
 * @param applicationId names the group, the stores' topics and the transactions
 * @param stateDirectory where this instance keeps its state; not shared with another process
 * @param threads stream threads, 1..64
 * @param policyFile policies (YAML) that hold where switchgear.policies says nothing; null for none
 * @param kafka client settings that win over all others
 */
public record DetectorSettings(
    String bootstrapServers,
    String applicationId,
    Path stateDirectory,
    int threads,
    @Nullable Path policyFile,
    Map<String, String> kafka) {

  public DetectorSettings {
    require(!bootstrapServers.isBlank(), "bootstrapServers", bootstrapServers, "host:port");
    require(
        applicationId.matches("[a-zA-Z0-9._-]{1,100}"),
        "applicationId",
        applicationId,
        "1..100 letters, digits, '.', '_' and '-'");
    require(threads >= 1 && threads <= 64, "threads", threads, "1..64");
    kafka = Map.copyOf(kafka);
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
