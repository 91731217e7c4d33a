package dev.switchgear.console;

import dev.switchgear.detector.policy.PolicyException;
import dev.switchgear.detector.policy.PolicyFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Looks through a policy file; needs no Kafka. */
@Command(
    name = "check",
    header = "Tell every mistake of a policy file. Needs no Kafka.",
    description = "Ends with 0 if there is none, else with 2.%n",
    footerHeading = "%nExample:%n",
    footer = "  switchgear policy check policies.yaml")
final class PolicyCheckCommand implements Callable<Integer> {

  private final Shell shell;

  @Parameters(paramLabel = "FILE", description = "Policies (YAML).")
  private Path file = Path.of("");

  PolicyCheckCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    try {
      int patterns = PolicyFile.read(file).size();
      shell.say(file + ": fine, " + patterns + (patterns == 1 ? " pattern" : " patterns"));
      return ExitCode.DONE;
    } catch (PolicyException e) {
      shell.err().println(e.getMessage());
      return ExitCode.USAGE;
    }
  }
}
