package dev.switchgear.console;

import dev.switchgear.console.view.SymptomTable;
import dev.switchgear.schemas.SymptomState;
import dev.switchgear.schemas.Topics;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
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
final class SymptomsCommand implements Callable<Integer>, Watch.View<SymptomState> {

  /** Those that are felt first, the one that has been for longest at the top. */
  private static final Comparator<SymptomState> FELT_FIRST =
      Comparator.comparing((SymptomState symptom) -> symptom.getUntilMillis() != 0)
          .thenComparing(symptom -> -symptom.getUntilMillis())
          .thenComparing(SymptomState::getSinceMillis)
          .thenComparing(SymptomState::getBreaker);

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
    try (var records = NewestRecords.open(kafka, Topics.SYMPTOMS)) {
      if (watch) {
        new Watch<>(shell, records, this).stay(!json);
      } else if (json) {
        shell.say(SymptomJson.document(kafka.bootstrapServers(), shown(records.all())));
      } else {
        table(shown(records.all()), shell.width()).forEach(shell::say);
      }
    }
    return ExitCode.DONE;
  }

  @Override
  public List<SymptomState> shown(List<SymptomState> known) {
    return known.stream()
        .filter(symptom -> all || symptom.getUntilMillis() == 0)
        .sorted(FELT_FIRST)
        .toList();
  }

  /** Also that one is over, whether those that are over are shown or not. */
  @Override
  public String line(SymptomState symptom) {
    return json
        ? SymptomJson.line(symptom)
        : SymptomTable.change(symptom, shell.terminal().style());
  }

  @Override
  public List<String> table(Collection<SymptomState> symptoms, int width) {
    return symptoms.isEmpty()
        ? List.of("Nothing is felt.")
        : SymptomTable.of(symptoms, Instant.now(), shell.terminal().style(), width);
  }
}
