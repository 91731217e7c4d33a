package dev.switchgear.console;

import dev.switchgear.console.view.BoardTable;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Topics;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the fleet believes about its dependencies. */
@Command(
    name = "breakers",
    header = "Show every breaker and its state.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear breakers",
      "  switchgear breakers --watch",
      "  switchgear breakers --json --kafka b1:9092"
    })
final class BreakersCommand implements Callable<Integer>, Watch.View<BreakerState> {

  private final Shell shell;
  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--watch",
      description = "Stay until Ctrl-C: redraw on a terminal, else a line per change.")
  private boolean watch;

  @Option(
      names = "--json",
      description = "One JSON document; with --watch, one line for each breaker and change.")
  private boolean json;

  BreakersCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    Cluster kafka = Cluster.reach(cluster.settings(shell)).requireTopics();
    try (var records = NewestRecords.open(kafka, Topics.BREAKER_STATE)) {
      if (watch) {
        new Watch<>(shell, records, this).stay(!json);
      } else if (json) {
        shell.say(BoardJson.document(kafka.bootstrapServers(), records.all()));
      } else {
        table(records.all(), shell.width()).forEach(shell::say);
      }
    }
    return ExitCode.DONE;
  }

  @Override
  public Collection<BreakerState> shown(List<BreakerState> all) {
    return all;
  }

  @Override
  public String line(BreakerState state) {
    return json ? BoardJson.line(state) : BoardTable.change(state, shell.terminal().style());
  }

  @Override
  public List<String> table(Collection<BreakerState> states, int width) {
    return states.isEmpty()
        ? List.of("No breaker yet: nobody has called anything.")
        : BoardTable.of(states, Instant.now(), shell.terminal().style(), width);
  }
}
