package dev.switchgear.console;

import dev.switchgear.console.settings.Settings;
import dev.switchgear.console.view.DemoScreen;
import dev.switchgear.console.view.Summary;
import dev.switchgear.detector.Detector;
import dev.switchgear.gamedays.drill.Demo;
import dev.switchgear.gamedays.drill.DemoReport;
import dev.switchgear.gamedays.drill.DemoSettings;
import dev.switchgear.recovery.RecoveryActions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The whole pipeline, watched. */
@Command(
    name = "demo",
    header = "Watch a shop lose and regain its dependencies.",
    description = {
      "Starts Switchgear and a shop under load, breaks payments, recommendations and search one"
          + " after the other, heals them, and measures. Takes about two minutes.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear demo                                  stay until Ctrl-C",
      "  switchgear demo --once --report report.json      end with the last act",
      "  switchgear demo --rate 100 --instances 4 --seed 7"
    })
final class DemoCommand implements Callable<Integer> {

  private static final List<String> QUEUES = List.of("orders");
  private static final String RELEASE = "recovery-actions.release-per-second";
  private static final int RELEASES_PER_ARRIVAL = 4;

  private final Shell shell;
  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Option(names = "--once", description = "End with the last act instead of staying.")
  private boolean once;

  @Option(
      names = "--report",
      paramLabel = "FILE.json",
      description = "Write what was measured to this file.")
  private @Nullable Path report;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Arrivals a second of each kind of request.")
  private @Nullable String rate;

  @Option(names = "--instances", paramLabel = "N", description = "Instances of each service.")
  private @Nullable String instances;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of arrivals and customers.")
  private @Nullable String seed;

  DemoCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settings();
    DemoSettings demo = demoSettings(settings, settings.bootstrapServers());
    ReportFile file = report == null ? null : ReportFile.open(report);
    try (Parts parts = new Parts()) {
      Cluster kafka = start(settings, parts);
      return perform(demoSettings(settings, kafka.bootstrapServers()), file, parts);
    } catch (InterruptedException | InterruptException e) {
      Thread.interrupted();
      shell.say("Interrupted.");
      if (file != null) {
        file.write(ReportFile.interrupted(demo));
      }
      return ExitCode.INTERRUPTED;
    }
  }

  private Settings settings() {
    Settings settings = cluster.settings(shell);
    settings = overridden(settings, "demo.rate-per-second", rate, "--rate");
    settings = overridden(settings, "demo.instances", instances, "--instances");
    settings = overridden(settings, "demo.seed", seed, "--seed");
    return settings.isSet(RELEASE) ? settings : settings.with(RELEASE, release(settings), "--rate");
  }

  /** New orders queue behind parked ones, so a queue shrinks only if it is the faster. */
  private static String release(Settings settings) {
    double ratePerSecond = demoSettings(settings, settings.bootstrapServers()).ratePerSecond();
    return Double.toString(RELEASES_PER_ARRIVAL * ratePerSecond);
  }

  private static Settings overridden(
      Settings settings, String key, @Nullable String value, String flag) {
    return value == null ? settings : settings.with(key, value, flag);
  }

  private static DemoSettings demoSettings(Settings settings, String bootstrapServers) {
    return settings.bind(DemoSettings.class, "demo", Map.of("bootstrapServers", bootstrapServers));
  }

  private Cluster start(Settings settings, Parts parts) throws InterruptedException {
    if (shell.terminal().interactive()) {
      parts.add(LogFile.open(shell));
    }
    Workspace workspace = parts.add(Workspace.open(null));
    boolean given = settings.isSet(Settings.BOOTSTRAP_SERVERS);
    shell.say(given ? "Reaching Kafka ..." : "Starting Kafka in this process ...");
    Cluster kafka = given ? Cluster.reach(settings) : Cluster.own(settings, 0, null, parts);
    kafka.provision(QUEUES).notices().forEach(shell::say);
    shell.say("Starting detector and recovery-actions ...");
    Fleet fleet = new Fleet(settings, kafka, workspace.directory());
    Detector detector = parts.add(fleet.detector());
    RecoveryActions recovery = parts.add(fleet.recoveryActions());
    Fleet.await(detector::awaitRunning, "detector");
    Fleet.await(recovery::awaitRunning, "recovery-actions");
    return kafka;
  }

  private int perform(DemoSettings settings, @Nullable ReportFile file, Parts parts)
      throws InterruptedException {
    String subtitle = "Kafka " + settings.bootstrapServers();
    DemoScreen screen = parts.add(DemoScreen.on(shell.terminal(), subtitle));
    Demo demo = parts.add(new Demo(settings, screen));
    DemoReport measured = demo.run();
    screen.close();
    if (file != null) {
      file.write(measured);
    }
    shell.say("");
    Summary.of(measured, shell.terminal().style()).forEach(shell::say);
    if (!once) {
      stay(settings.bootstrapServers());
    }
    return measured.passed() ? ExitCode.DONE : ExitCode.FAILED;
  }

  /** The shop goes on under load, for whoever wants to try the other commands on it. */
  private void stay(String bootstrapServers) {
    shell.say("");
    shell.say("The shop stays up until Ctrl-C. In another window, try:");
    shell.say("  switchgear breakers --watch --kafka " + bootstrapServers);
    shell.say(
        "  switchgear hold search/query --open --for 1m --why \"to see it\" --kafka "
            + bootstrapServers);
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      shell.say("Stopping ...");
    }
  }
}
