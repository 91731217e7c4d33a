package dev.switchgear.console;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What stands above the commands for policies. */
@Command(
    name = "policy",
    header = "Check, compare, apply and show policies.",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "A policy says what a breaker takes for a symptom and how it recovers:"
          + " docs/write-a-policy.md.%n"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear policy check policies.yaml",
      "  switchgear policy diff policies.yaml",
      "  switchgear policy apply policies.yaml --why \"search may be slower\"",
      "  switchgear policy show payments/charge"
    })
final class PolicyCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(
          spec.commandLine(), "Missing command: check, diff, apply or show");
    }
  }
}
