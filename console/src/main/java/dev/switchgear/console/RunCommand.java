package dev.switchgear.console;

import dev.switchgear.console.settings.Settings;
import dev.switchgear.console.view.DemoScreen;
import dev.switchgear.gamedays.drill.Demo;
import dev.switchgear.gamedays.drill.DemoSettings;
import dev.switchgear.ingest.gateway.Gateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One part of Switchgear in this process, as in a fleet of many. */
@Command(
    name = "run",
    header = "Run one part of Switchgear in this process.",
    description = {
      "ROLE is gateway, detector, recovery-actions or demo-shop. Needs Kafka with Switchgear's"
          + " topics. Stays until Ctrl-C or SIGTERM.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear run detector --kafka b1:9092 --data /var/lib/switchgear",
      "  switchgear run gateway --config fleet.properties"
    })
final class RunCommand implements Callable<Integer> {

  private final Shell shell;
  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "ROLE", converter = Role.Names.class, description = "What to run.")
  private Role role = Role.DETECTOR;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep state here (default: a temporary directory, filled again from Kafka).")
  private @Nullable Path data;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "Policies (YAML), for the detector.")
  private @Nullable String policy;

  @Option(
      names = "--ready",
      paramLabel = "FILE",
      description = "Touch this file every few seconds while the part works (for health checks).")
  private @Nullable Path ready;

  RunCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    Settings settings = cluster.settings(shell);
    if (policy != null) {
      settings = settings.with("detector.policy-file", policy, "--policy");
    }
    try (Parts parts = new Parts()) {
      Cluster kafka = Cluster.reach(settings).requireTopics();
      Workspace workspace = parts.add(Workspace.open(data));
      if (role == Role.DEMO_SHOP) {
        performForEver(settings, parts);
      }
      Fleet.Starting part = start(new Fleet(settings, kafka, workspace.directory()), parts);
      Fleet.await(part, role.toString());
      shell.say(role + " runs");
      Readiness.show(part, ready);
    } catch (InterruptedException e) {
      shell.say(role + " stopped");
    }
    return ExitCode.DONE;
  }

  private Fleet.Starting start(Fleet fleet, Parts parts) {
    return switch (role) {
      case GATEWAY -> {
        Gateway gateway = parts.add(fleet.gateway());
        shell.say("OTLP on port " + gateway.port());
        yield atMost -> true;
      }
      case DETECTOR -> parts.add(fleet.detector())::awaitRunning;
      case RECOVERY_ACTIONS -> parts.add(fleet.recoveryActions())::awaitRunning;
      case DEMO_SHOP -> throw new IllegalStateException("The shop is no part of the fleet");
    };
  }

  /** The demo's acts, over and over. */
  private void performForEver(Settings settings, Parts parts) throws InterruptedException {
    DemoSettings demoSettings =
        settings.bind(
            DemoSettings.class, "demo", Map.of("bootstrapServers", settings.bootstrapServers()));
    DemoScreen screen = parts.add(DemoScreen.on(shell.terminal(), role.toString()));
    Demo demo = parts.add(new Demo(demoSettings, screen));
    while (true) {
      demo.run().problems().forEach(screen::notice);
    }
  }
}
