package dev.switchgear.console;

import dev.switchgear.console.settings.Settings;
import dev.switchgear.detector.Detector;
import dev.switchgear.ingest.gateway.Gateway;
import dev.switchgear.recovery.RecoveryActions;
import dev.switchgear.schemas.TopicProvisioning;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** All of Switchgear in one process. */
@Command(
    name = "up",
    header = "Run all of Switchgear in this process.",
    description = {
      "Starts topics, gateway, detector and recovery-actions, on a Kafka of its own (on this"
          + " machine's loopback address) or on the one that --kafka names. Stays until Ctrl-C.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear up                              Kafka in a temporary directory",
      "  switchgear up --data ~/switchgear          keep what it knows",
      "  switchgear up --kafka b1:9092,b2:9092 --policy policy.yaml"
    })
final class UpCommand implements Callable<Integer> {

  private final Shell shell;
  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "9092",
      description = "Port of its own Kafka, 0 for a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep data here (default: a temporary directory, deleted at the end).")
  private @Nullable Path data;

  @Option(names = "--policy", paramLabel = "FILE", description = "Policies (YAML).")
  private @Nullable String policy;

  @Option(
      names = "--queue",
      paramLabel = "NAME",
      defaultValue = "orders",
      description = "A queue of parked work; may be given more than once (default: orders).")
  private List<String> queues = List.of();

  UpCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > 65_535) {
      throw ConsoleException.wrongUsage("--port: " + port + " (expected: 0..65535)", null);
    }
    Settings settings = cluster.settings(shell);
    if (policy != null) {
      settings = settings.with("detector.policy-file", policy, "--policy");
    }
    try (Parts parts = new Parts()) {
      start(settings, parts);
      shell.say("Ctrl-C ends it.");
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      shell.say("Stopped.");
    }
    return ExitCode.DONE;
  }

  private void start(Settings settings, Parts parts) throws InterruptedException {
    Workspace workspace = parts.add(Workspace.open(data));
    Cluster kafka = kafka(settings, workspace, parts);
    TopicProvisioning.Report topics = kafka.provision(queues);
    topics.notices().forEach(notice -> shell.say("              " + notice));
    Fleet fleet = new Fleet(settings, kafka, workspace.directory());
    Gateway gateway = parts.add(fleet.gateway());
    Detector detector = parts.add(fleet.detector());
    RecoveryActions recovery = parts.add(fleet.recoveryActions());
    String host = fleet.gatewaySettings().host();
    shell.say("  OTLP        http://" + host + ":" + gateway.port());
    Fleet.await(detector::awaitRunning, "detector");
    shell.say("  detector    running");
    Fleet.await(recovery::awaitRunning, "recovery-actions");
    shell.say("  recovery    running");
  }

  private Cluster kafka(Settings settings, Workspace workspace, Parts parts)
      throws InterruptedException {
    if (settings.isSet(Settings.BOOTSTRAP_SERVERS)) {
      Cluster given = Cluster.reach(settings);
      shell.say("  Kafka       " + given.bootstrapServers());
      return given;
    }
    Path directory = workspace.temporary() ? null : workspace.directory().resolve("kafka");
    Cluster own = Cluster.own(settings, port, directory, parts);
    shell.say("  Kafka       " + own.bootstrapServers() + ", in this process");
    shell.say(
        directory == null
            ? "              data is gone when it ends (--data DIR keeps it)"
            : "              data in " + directory);
    return own;
  }
}
