package dev.switchgear.benchmarks;

import java.io.PrintStream;
import picocli.CommandLine;

/** The front door of the benchmarks. */
public final class Main {

  private Main() {}

  /** Runs one benchmark and ends the virtual machine with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(System.out, System.err, arguments));
  }

  static int run(PrintStream out, PrintStream err, String... arguments) {
    CommandLine commandLine = new CommandLine(new BenchCommand());
    commandLine
        .addSubcommand(new FleetCommand(out))
        .addSubcommand(new GuardCommand(out, err))
        .addSubcommand(new DetectorCommand(out));
    return Complaints.install(commandLine, out, err).execute(arguments);
  }
}
