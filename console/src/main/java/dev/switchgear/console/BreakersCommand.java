package dev.switchgear.console;

import dev.switchgear.console.view.BoardTable;
import dev.switchgear.console.view.Canvas;
import dev.switchgear.console.view.Style;
import dev.switchgear.schemas.BreakerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
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
final class BreakersCommand implements Callable<Integer> {

  /** Ages are shown in seconds. */
  private static final Duration REDRAW = Duration.ofSeconds(1);

  /** A pipe has no width: nothing is cut. */
  private static final int UNLIMITED = 10_000;

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
    try (BoardReader board = BoardReader.open(kafka)) {
      if (watch) {
        watch(board);
      } else if (json) {
        shell.say(BoardJson.document(kafka.bootstrapServers(), board.states()));
      } else {
        boolean cut = shell.terminal().interactive();
        int width = cut ? shell.terminal().size().columns() : UNLIMITED;
        table(board.states(), width).forEach(shell::say);
      }
    }
    return ExitCode.DONE;
  }

  private void watch(BoardReader board) {
    try {
      if (shell.terminal().interactive() && !json) {
        redraw(board);
      } else {
        lines(board);
      }
    } catch (InterruptedException e) {
      shell.out().flush();
    }
  }

  private void redraw(BoardReader board) throws InterruptedException {
    try (Canvas canvas = new Canvas(shell.terminal())) {
      while (!Thread.interrupted()) {
        canvas.draw(table(board.states(), canvas.columns()));
        board.awaitChange(REDRAW);
      }
    }
  }

  private void lines(BoardReader board) throws InterruptedException {
    Style style = shell.terminal().style();
    Function<BreakerState, String> line =
        json ? BoardJson::line : state -> BoardTable.change(state, style);
    board.follow(
        known -> known.forEach(state -> shell.say(line.apply(state))),
        state -> shell.say(line.apply(state)));
    new CountDownLatch(1).await();
  }

  private List<String> table(Collection<BreakerState> states, int width) {
    return states.isEmpty()
        ? List.of("No breaker yet: nobody has called anything.")
        : BoardTable.of(states, Instant.now(), shell.terminal().style(), width);
  }
}
