package dev.switchgear.console;

import dev.switchgear.breaker.policy.NearestName;
import dev.switchgear.console.settings.Settings;
import dev.switchgear.console.view.PolicyLines;
import dev.switchgear.detector.policy.LayeredPolicies;
import dev.switchgear.detector.policy.PolicyBook;
import dev.switchgear.schemas.BreakerState;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the fleet goes by. */
@Command(
    name = "show",
    header = "Show the policies on Kafka, or what holds for one breaker.",
    description = {
      "For a breaker: the value of every key, and which pattern says so. What the detectors were"
          + " given as a file is not on Kafka: name it with --policy.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear policy show",
      "  switchgear policy show payments/charge",
      "  switchgear policy show --yaml > policies.yaml"
    })
final class PolicyShowCommand implements Callable<Integer> {

  private final Shell shell;
  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "BREAKER", arity = "0..1", description = "Which breaker.")
  private @Nullable String breaker;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "Policies (YAML) that the detectors were given.")
  private @Nullable String policy;

  @ArgGroup(exclusive = true)
  private Format format = new Format();

  /** For people where neither is given. */
  static final class Format {

    @Option(names = "--json", description = "One JSON document.")
    private boolean json;

    @Option(names = "--yaml", description = "A policy file that says the same.")
    private boolean yaml;
  }

  PolicyShowCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = cluster.settings(shell);
    if (policy != null) {
      settings = settings.with(PolicyTopic.FILE_SETTING, policy, "--policy");
    }
    LayeredPolicies policies = new LayeredPolicies(PolicyTopic.beneath(settings));
    Cluster kafka = Cluster.reach(settings).requireTopics();
    PolicyTopic.read(kafka, policies)
        .forEach(refusal -> shell.err().println("switchgear: refused: " + refusal.why()));
    if (breaker == null) {
      showAll(policies.book());
    } else {
      try (BoardReader board = BoardReader.open(kafka)) {
        show(breaker, policies.book(), board);
      }
    }
    return ExitCode.DONE;
  }

  private void showAll(PolicyBook book) {
    if (format.json) {
      shell.say(PolicyDocuments.json(book));
    } else if (format.yaml) {
      shell.say(PolicyDocuments.yaml(book).stripTrailing());
    } else {
      List<String> lines = lines().written(book);
      if (lines.isEmpty()) {
        shell.say(
            "No policy is on Kafka: what the detectors' file says holds, or what is built in.");
      }
      lines.forEach(shell::say);
    }
  }

  private void show(String id, PolicyBook book, BoardReader board) {
    BreakerState state = board.state(id);
    if (state == null) {
      List<String> known = board.states().stream().map(BreakerState::getBreaker).toList();
      Optional<String> nearest = NearestName.of(id, known);
      shell
          .err()
          .println(
              "switchgear: nobody has called "
                  + id
                  + " yet"
                  + nearest.map(name -> "; did you mean " + name + "?").orElse(""));
    }
    if (format.json) {
      shell.say(PolicyDocuments.json(id, book));
    } else if (format.yaml) {
      shell.say(PolicyDocuments.yaml(id, book).stripTrailing());
    } else {
      shell.say(heading(id, book));
      lines().explained(book.explain(id)).forEach(shell::say);
      warnIfBehind(state, book);
    }
  }

  private static String heading(String id, PolicyBook book) {
    String decides =
        book.decidingFor(id)
            .map(written -> "decided by " + PolicyLines.from(written))
            .orElse("no pattern names it");
    return id + ": version " + book.policyOf(id).version() + ", " + decides;
  }

  private void warnIfBehind(@Nullable BreakerState state, PolicyBook book) {
    if (state == null) {
      return;
    }
    long version = book.policyOf(state.getBreaker()).version();
    if (state.getPolicyVersion() != version) {
      shell
          .err()
          .println(
              "switchgear: its detector goes by version "
                  + state.getPolicyVersion()
                  + ", not "
                  + version
                  + ": it has a policy file (--policy), or has not followed yet");
    }
  }

  private PolicyLines lines() {
    return new PolicyLines(shell.terminal().style());
  }
}
