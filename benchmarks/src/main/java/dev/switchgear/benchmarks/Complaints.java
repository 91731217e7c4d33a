package dev.switchgear.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.switchgear.breaker.policy.NearestName;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns every way a benchmark can fail into a line or two and an exit code, as the console does.
 */
final class Complaints {

  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private final PrintStream err;
  private final BenchCommand root;

  private Complaints(PrintStream err, BenchCommand root) {
    this.err = err;
    this.root = root;
  }

  static CommandLine install(CommandLine commandLine, PrintStream out, PrintStream err) {
    Complaints complaints = new Complaints(err, commandLine.getCommand());
    return commandLine
        .setOut(new PrintWriter(out, true, UTF_8))
        .setErr(new PrintWriter(err, true, UTF_8))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((e, arguments) -> complaints.wrongArguments(e))
        .setExecutionExceptionHandler((e, command, result) -> complaints.failed(e));
  }

  private int wrongArguments(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String what =
        e instanceof UnmatchedArgumentException unmatched
            ? unknown(unmatched.getUnmatched().get(0), command)
            : String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    err.println("switchgear: " + what);
    err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    return USAGE;
  }

  private static String unknown(String argument, CommandLine command) {
    boolean option = argument.startsWith("-");
    Collection<String> known =
        option ? command.getCommandSpec().optionsMap().keySet() : command.getSubcommands().keySet();
    String given = argument.replaceAll("=.*", "");
    return "no such "
        + (option ? "option" : known.isEmpty() ? "argument" : "benchmark")
        + ": "
        + given
        + NearestName.of(given, new TreeSet<>(known))
            .map(name -> ". Did you mean " + name + "?")
            .orElse("");
  }

  private int failed(Exception e) {
    err.println("switchgear: " + (e instanceof IOException ? e : "Unexpected: " + e));
    if (root.debug) {
      e.printStackTrace(err);
    } else {
      err.println("--debug shows where");
    }
    return FAILED;
  }
}
