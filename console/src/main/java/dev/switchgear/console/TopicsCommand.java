package dev.switchgear.console;

import dev.switchgear.schemas.TopicProvisioning;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks after the topics. */
@Command(name = "topics", header = "Create the topics.", synopsisSubcommandLabel = "COMMAND")
final class TopicsCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;
  private final Shell shell;

  TopicsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new ParameterException(spec.commandLine(), "Missing command: create");
    }
  }

  @Command(
      name = "create",
      header = "Create the topics that are missing; leave the others as they are.",
      footerHeading = "%nExample:%n",
      footer = "  switchgear topics create --kafka b1:9092 --queue orders --queue refunds")
  int create(
      @Mixin ClusterOptions cluster,
      @Option(
              names = "--queue",
              paramLabel = "NAME",
              defaultValue = "orders",
              description =
                  "A queue of parked work; may be given more than once (default: orders).")
          List<String> queues)
      throws InterruptedException {
    TopicProvisioning.Report report = Cluster.reach(cluster.settings(shell)).provision(queues);
    report.created().forEach(topic -> shell.say("created " + topic));
    report.notices().forEach(shell::say);
    shell.say(report.created().size() + " topics created");
    return ExitCode.DONE;
  }
}
