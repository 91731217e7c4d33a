package dev.switchgear.console;

import dev.switchgear.console.view.Terminal;
import java.util.Map;
import picocli.CommandLine;

/** The front door of the command line. */
public final class Main {

  private Main() {}

  /** Runs one command and ends the virtual machine with its exit code. */
  public static void main(String[] arguments) {
    Logs.adoptJavaLogging();
    Map<String, String> environment = System.getenv();
    Terminal terminal = Terminal.ofProcess(environment);
    Signals.onStop(Thread.currentThread()::interrupt, terminal::restore);
    Signals.onResize(terminal::resized);
    System.exit(run(new Shell(terminal, System.err, environment), arguments));
  }

  /** Runs one command. Interrupting the thread ends it in an orderly way. */
  static int run(Shell shell, String... arguments) {
    return commandLine(shell).execute(arguments);
  }

  static CommandLine commandLine(Shell shell) {
    CommandLine commandLine = new CommandLine(new SwitchgearCommand());
    commandLine
        .addSubcommand(new DemoCommand(shell))
        .addSubcommand(new UpCommand(shell))
        .addSubcommand(new BreakersCommand(shell))
        .addSubcommand(new SymptomsCommand(shell))
        .addSubcommand(new QuotasCommand(shell))
        .addSubcommand(new WhyCommand(shell))
        .addSubcommand(new HoldCommand(shell))
        .addSubcommand(new ReleaseCommand(shell))
        .addSubcommand(
            new CommandLine(new PolicyCommand())
                .addSubcommand(new PolicyCheckCommand(shell))
                .addSubcommand(new PolicyDiffCommand(shell))
                .addSubcommand(new PolicyApplyCommand(shell))
                .addSubcommand(new PolicyShowCommand(shell)))
        .addSubcommand(new BacktestCommand(shell))
        .addSubcommand(new RunCommand(shell))
        .addSubcommand(new TopicsCommand(shell));
    return Complaints.install(commandLine, shell);
  }
}
