package dev.switchgear.console;

import dev.switchgear.console.settings.Settings;
import dev.switchgear.detector.Detector;
import dev.switchgear.detector.DetectorSettings;
import dev.switchgear.ingest.gateway.Gateway;
import dev.switchgear.ingest.gateway.GatewaySettings;
import dev.switchgear.recovery.RecoveryActions;
import dev.switchgear.recovery.RecoverySettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Starts parts of Switchgear in this process, with the settings of each. */
final class Fleet {

  private static final Duration RUNNING_WITHIN = Duration.ofSeconds(60);

  private final Settings settings;
  private final Cluster cluster;
  private final Path directory;

  /**
   * @param directory for the state of those parts whose settings name no other
   */
  Fleet(Settings settings, Cluster cluster, Path directory) {
    this.settings = settings;
    this.cluster = cluster;
    this.directory = directory;
  }

  /** A part that takes a while until it works. */
  interface Starting {
    boolean awaitRunning(Duration timeout) throws InterruptedException;
  }

  Gateway gateway() {
    return Gateway.start(gatewaySettings());
  }

  GatewaySettings gatewaySettings() {
    return settings.bind(GatewaySettings.class, "gateway", cluster());
  }

  Detector detector() {
    return Detector.start(settings.bind(DetectorSettings.class, "detector", with("detector")));
  }

  RecoveryActions recoveryActions() {
    String app = "recovery-actions";
    return RecoveryActions.start(settings.bind(RecoverySettings.class, app, with(app)));
  }

  /** Waits until a part works. */
  static void await(Starting part, String name) throws InterruptedException {
    if (!part.awaitRunning(RUNNING_WITHIN)) {
      throw ConsoleException.failed(
          "The "
              + name
              + " has no state after "
              + RUNNING_WITHIN.toSeconds()
              + " s; its log says why (also: does Kafka have all topics?)",
          null);
    }
  }

  private Map<String, Object> with(String app) {
    Path state = settings.path(app + ".state-directory").orElseGet(() -> directory.resolve(app));
    return Map.of(
        "bootstrapServers", cluster.bootstrapServers(),
        "kafka", cluster.kafka(),
        "stateDirectory", state);
  }

  private Map<String, Object> cluster() {
    return Map.of("bootstrapServers", cluster.bootstrapServers(), "kafka", cluster.kafka());
  }
}
