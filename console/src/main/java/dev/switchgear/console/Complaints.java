package dev.switchgear.console;

import dev.switchgear.breaker.policy.NearestName;
import dev.switchgear.console.backtest.HistoryException;
import dev.switchgear.console.settings.SettingException;
import dev.switchgear.detector.policy.PolicyException;
import dev.switchgear.ingest.gateway.GatewayAddressException;
import dev.switchgear.schemas.KafkaUnreachableException;
import dev.switchgear.schemas.embedded.DataDirectoryException;
import dev.switchgear.schemas.embedded.PortInUseException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Collection;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns every way a command can fail into one or two lines and an exit code. Stack traces only with
 * {@code --debug}.
 */
final class Complaints {

  private final Shell shell;
  private final SwitchgearCommand root;

  private Complaints(Shell shell, SwitchgearCommand root) {
    this.shell = shell;
    this.root = root;
  }

  static CommandLine install(CommandLine commandLine, Shell shell) {
    Complaints complaints = new Complaints(shell, commandLine.getCommand());
    Charset charset = shell.terminal().charset();
    return commandLine
        .setOut(new PrintWriter(shell.out(), true, charset))
        .setErr(new PrintWriter(shell.err(), true, charset))
        .setParameterExceptionHandler((e, arguments) -> complaints.wrongArguments(e))
        .setExecutionExceptionHandler((e, command, result) -> complaints.failed(e));
  }

  private int wrongArguments(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String what =
        e instanceof UnmatchedArgumentException unmatched
            ? unknown(unmatched.getUnmatched().get(0), command)
            : String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    shell.err().println("switchgear: " + what);
    shell.err().println("See: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private static String unknown(String argument, CommandLine command) {
    boolean option = argument.startsWith("-");
    String given = argument.replaceAll("=.*", "");
    String what = option ? "option" : command.getSubcommands().isEmpty() ? "argument" : "command";
    return "no such "
        + what
        + ": "
        + given
        + NearestName.of(given, known(command, option))
            .map(name -> ". Did you mean " + name + "?")
            .orElse("");
  }

  private static Collection<String> known(CommandLine command, boolean options) {
    return options
        ? new TreeSet<>(command.getCommandSpec().optionsMap().keySet())
        : new TreeSet<>(command.getSubcommands().keySet());
  }

  private int failed(Exception e) {
    if (e instanceof InterruptedException || e instanceof InterruptException) {
      return ExitCode.INTERRUPTED;
    }
    shell.err().println("switchgear: " + message(e));
    if (root.debug) {
      e.printStackTrace(shell.err());
    }
    return exitCode(e);
  }

  private static String message(Exception e) {
    if (isForPeople(e)) {
      return String.valueOf(e.getMessage());
    }
    String kind = e instanceof KafkaException ? "Kafka: " : "Unexpected: ";
    return kind
        + e.getClass().getSimpleName()
        + (e.getMessage() == null ? "" : ": " + e.getMessage().lines().findFirst().orElse(""))
        + "\n--debug shows where";
  }

  private static boolean isForPeople(Exception e) {
    return e instanceof ConsoleException
        || e instanceof SettingException
        || e instanceof KafkaUnreachableException
        || e instanceof PortInUseException
        || e instanceof DataDirectoryException
        || e instanceof PolicyException
        || e instanceof HistoryException
        || e instanceof GatewayAddressException;
  }

  private static int exitCode(Exception e) {
    if (e instanceof ConsoleException known) {
      return known.exitCode();
    }
    boolean wrongUsage =
        e instanceof SettingException
            || e instanceof PolicyException
            || e instanceof HistoryException;
    return wrongUsage ? ExitCode.USAGE : ExitCode.FAILED;
  }
}
