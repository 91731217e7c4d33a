package dev.switchgear.console;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What stands above all commands. */
@Command(
    name = "switchgear",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = SwitchgearCommand.Version.class,
    header = "Circuit breaking for a whole fleet, on Kafka.",
    description = "",
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear demo               watch a shop lose and regain its dependencies",
      "  switchgear up                 run all of Switchgear on a Kafka of its own",
      "  switchgear up --kafka b1:9092 run it on yours",
      "  switchgear breakers --watch   see every breaker, live",
      "  switchgear why payments/charge  see what moved it, and judge that again",
      "  switchgear hold payments/charge --open --for 10m --why \"maintenance\"",
      "  switchgear policy apply policies.yaml",
      "  switchgear bench fleet        compare with a breaker in each instance (from the sources)"
    })
final class SwitchgearCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  boolean version;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  boolean debug;

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "Missing command");
    }
  }

  /** The version of the build, from the jar. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      return new String[] {"switchgear " + number()};
    }

    static String number() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "(not packaged)" : version;
    }
  }
}
