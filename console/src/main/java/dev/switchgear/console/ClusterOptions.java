package dev.switchgear.console;

import dev.switchgear.console.settings.Settings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that talks to Kafka. */
final class ClusterOptions {

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "Kafka brokers to use (host:port[,host:port]).")
  private @Nullable String kafka;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings (key=value); docs/configuration.md lists them.")
  private @Nullable Path config;

  /** What holds for this call; tells on the error stream what looks like a slip. */
  Settings settings(Shell shell) {
    Settings settings = Settings.read(config, shell.environment());
    settings.doubts().forEach(doubt -> shell.err().println("switchgear: " + doubt));
    return kafka == null ? settings : settings.with(Settings.BOOTSTRAP_SERVERS, kafka, "--kafka");
  }
}
