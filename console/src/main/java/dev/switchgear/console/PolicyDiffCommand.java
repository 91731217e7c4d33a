package dev.switchgear.console;

import dev.switchgear.console.settings.Settings;
import dev.switchgear.detector.policy.LayeredPolicies;
import dev.switchgear.detector.policy.PolicyFile;
import dev.switchgear.detector.policy.WrittenPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Compares a policy file with what the fleet goes by. */
@Command(
    name = "diff",
    header = "Show what applying a policy file would change.",
    description = "Key by key, and which known breakers it touches. Writes nothing.%n",
    footerHeading = "%nExample:%n",
    footer = "  switchgear policy diff policies.yaml --kafka b1:9092")
final class PolicyDiffCommand implements Callable<Integer> {

  private final Shell shell;
  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "FILE", description = "Policies (YAML).")
  private Path file = Path.of("");

  PolicyDiffCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    PolicyFile.read(file);
    Settings settings = cluster.settings(shell);
    List<WrittenPolicy> beneath = PolicyTopic.beneath(settings);
    Cluster kafka = Cluster.reach(settings).requireTopics();
    LayeredPolicies topic = PolicyTopic.read(kafka, List.of());
    PolicyPlan plan = PolicyPlan.of(file, topic, beneath, false);
    try (BoardReader board = BoardReader.open(kafka)) {
      new PolicyReport(shell, plan).tell(board.states());
    }
    return ExitCode.DONE;
  }
}
