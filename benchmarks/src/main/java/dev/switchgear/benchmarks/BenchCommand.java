package dev.switchgear.benchmarks;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What stands above all benchmarks. */
@Command(
    name = "switchgear bench",
    synopsisSubcommandLabel = "NAME",
    header = "Measure what Switchgear gains and costs.",
    description = "",
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear bench fleet                    one outage, with and without a shared breaker",
      "  switchgear bench fleet --instances 10     the same for a small fleet",
      "  switchgear bench guard                    what a guarded call costs, beside other libraries",
      "  switchgear bench detector                 what a record costs the detector"
    })
final class BenchCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  boolean debug;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "Missing benchmark");
    }
  }
}
