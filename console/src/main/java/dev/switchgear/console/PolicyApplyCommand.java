package dev.switchgear.console;

import dev.switchgear.console.settings.Settings;
import dev.switchgear.detector.policy.LayeredPolicies;
import dev.switchgear.detector.policy.PolicyFile;
import dev.switchgear.detector.policy.WrittenPolicy;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Policy;
import dev.switchgear.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the fleet go by a policy file. */
@Command(
    name = "apply",
    header = "Make the fleet go by a policy file.",
    description = {
      "Writes what is new or another to Kafka, all of it or nothing; every detector follows."
          + " Breakers keep their state and their window.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear policy apply policies.yaml --dry-run",
      "  switchgear policy apply policies.yaml --why \"search may be slower\"",
      "  switchgear policy apply policies.yaml --prune"
    })
final class PolicyApplyCommand implements Callable<Integer> {

  private static final Duration FOLLOWED_WITHIN = Duration.ofSeconds(10);

  private final Shell shell;
  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "FILE", description = "Policies (YAML).")
  private Path file = Path.of("");

  @Option(names = "--dry-run", description = "Show what it would do; write nothing.")
  private boolean dryRun;

  @Option(
      names = "--prune",
      description = "Also remove patterns that FILE does not name (default: they stay).")
  private boolean prune;

  @Option(
      names = "--who",
      paramLabel = "NAME",
      description = "Who decides this (default: the name you are logged in with).")
  private @Nullable String who;

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      description = "The reason, kept with it (default: the name of FILE).")
  private @Nullable String why;

  PolicyApplyCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    PolicyFile.read(file);
    Settings settings = cluster.settings(shell);
    List<WrittenPolicy> beneath = PolicyTopic.beneath(settings);
    Cluster kafka = Cluster.reach(settings).requireTopics();
    try (BoardReader board = BoardReader.open(kafka)) {
      if (dryRun) {
        tell(PolicyTopic.read(kafka, List.of()), beneath, board);
        shell.say("Nothing was written (--dry-run).");
        return ExitCode.DONE;
      }
      try (PolicyTopic topic = PolicyTopic.open(kafka)) {
        PolicyPlan plan = tell(PolicyTopic.read(kafka, List.of()), beneath, board);
        if (!plan.isEmpty()) {
          topic.write(records(plan));
          awaitFollowers(plan, board);
        }
      }
      return ExitCode.DONE;
    }
  }

  private PolicyPlan tell(LayeredPolicies topic, List<WrittenPolicy> beneath, BoardReader board) {
    PolicyPlan plan = PolicyPlan.of(file, topic, beneath, prune);
    new PolicyReport(shell, plan).tell(board.states());
    return plan;
  }

  private Map<String, @Nullable Policy> records(PolicyPlan plan) {
    String name = who == null ? System.getProperty("user.name", "unknown") : who;
    String reason = why == null ? "apply " + file.getFileName() : why;
    return plan.records(name, reason, System.currentTimeMillis());
  }

  private void awaitFollowers(PolicyPlan plan, BoardReader board) throws InterruptedException {
    List<String> touched =
        plan.touched(board.states().stream().map(BreakerState::getBreaker).toList());
    long deadline = System.nanoTime() + FOLLOWED_WITHIN.toNanos();
    for (String breaker : touched) {
      long version = plan.after().policyOf(breaker).version();
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      if (board.await(breaker, state -> state.getPolicyVersion() >= version, left) == null) {
        throw ConsoleException.failed(
            "The policies are on "
                + Topics.POLICIES.name()
                + ", but no detector goes by them for "
                + breaker
                + " within "
                + FOLLOWED_WITHIN.toSeconds()
                + " s\nThey hold once one does. Does a detector run, and what does it log?",
            null);
      }
    }
    shell.say(
        touched.isEmpty()
            ? "Written: " + Topics.POLICIES.name() + " has it."
            : "Written, and every breaker above goes by it.");
  }
}
