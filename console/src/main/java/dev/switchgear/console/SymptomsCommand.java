package dev.switchgear.console;

import dev.switchgear.console.view.Canvas;
import dev.switchgear.console.view.Style;
import dev.switchgear.console.view.SymptomTable;
import dev.switchgear.schemas.SymptomState;
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

/** What the fleet feels, whether a breaker opens for it or not. */
@Command(
    name = "symptoms",
    header = "Show what is wrong: errors, slowness, missing calls, saturation, queues.",
    description = "Symptoms that are felt now, whether a breaker opened for them or not.%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear symptoms",
      "  switchgear symptoms --all",
      "  switchgear symptoms --watch --json --kafka b1:9092"
    })
final class SymptomsCommand implements Callable<Integer> {

  /** Ages are shown in seconds. */
  private static final Duration REDRAW = Duration.ofSeconds(1);

  /** A pipe has no width: nothing is cut. */
  private static final int UNLIMITED = 10_000;

  private final Shell shell;
  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Option(names = "--all", description = "Also the last of each kind that is over.")
  private boolean all;

  @Option(
      names = "--watch",
      description = "Stay until Ctrl-C: redraw on a terminal, else a line per change.")
  private boolean watch;

  @Option(
      names = "--json",
      description = "One JSON document; with --watch, one line for each symptom and change.")
  private boolean json;

  SymptomsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    Cluster kafka = Cluster.reach(cluster.settings(shell)).requireTopics();
    try (SymptomReader reader = SymptomReader.open(kafka)) {
      if (watch) {
        watch(reader);
      } else if (json) {
        shell.say(SymptomJson.document(kafka.bootstrapServers(), reader.symptoms(all)));
      } else {
        boolean cut = shell.terminal().interactive();
        int width = cut ? shell.terminal().size().columns() : UNLIMITED;
        table(reader.symptoms(all), width).forEach(shell::say);
      }
    }
    return ExitCode.DONE;
  }

  private void watch(SymptomReader reader) {
    try {
      if (shell.terminal().interactive() && !json) {
        redraw(reader);
      } else {
        lines(reader);
      }
    } catch (InterruptedException e) {
      shell.out().flush();
    }
  }

  private void redraw(SymptomReader reader) throws InterruptedException {
    try (Canvas canvas = new Canvas(shell.terminal())) {
      while (!Thread.interrupted()) {
        canvas.draw(table(reader.symptoms(all), canvas.columns()));
        reader.awaitChange(REDRAW);
      }
    }
  }

  private void lines(SymptomReader reader) throws InterruptedException {
    Style style = shell.terminal().style();
    Function<SymptomState, String> line =
        json ? SymptomJson::line : symptom -> SymptomTable.change(symptom, style);
    reader.follow(
        all,
        known -> known.forEach(symptom -> shell.say(line.apply(symptom))),
        symptom -> shell.say(line.apply(symptom)));
    new CountDownLatch(1).await();
  }

  private List<String> table(Collection<SymptomState> symptoms, int width) {
    return symptoms.isEmpty()
        ? List.of("Nothing is felt.")
        : SymptomTable.of(symptoms, Instant.now(), shell.terminal().style(), width);
  }
}
