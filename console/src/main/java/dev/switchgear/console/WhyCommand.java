package dev.switchgear.console;

import dev.switchgear.console.view.Explanation;
import dev.switchgear.schemas.BreakerTransition;
import dev.switchgear.schemas.Topics;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Why a breaker is as it is. */
@Command(
    name = "why",
    header = "Explain why a breaker moved, from the evidence, and judge that again.",
    description =
        "Without --epoch: the last move that a symptom or a person caused, and those since.%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear why payments/charge",
      "  switchgear why payments/charge --epoch 8",
      "  switchgear why payments/charge --json --kafka b1:9092"
    })
final class WhyCommand implements Callable<Integer> {

  private static final int EPOCHS_NAMED = 12;

  private final Shell shell;
  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "BREAKER", description = "Which, as switchgear breakers names it.")
  private String breaker = "";

  @Option(
      names = "--epoch",
      paramLabel = "N",
      description = "The move with which this epoch began.")
  private @Nullable Long epoch;

  @Option(names = "--json", description = "One JSON document.")
  private boolean json;

  WhyCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    Cluster kafka = Cluster.reach(cluster.settings(shell)).requireTopics();
    List<BreakerTransition> chosen = chosen(MoveReader.read(kafka, breaker), kafka);
    if (json) {
      shell.say(WhyJson.document(kafka.bootstrapServers(), breaker, chosen));
    } else if (chosen.isEmpty()) {
      shell.say(breaker + " has never moved: it is as it was when it was first called.");
    } else {
      Explanation.of(chosen, shell.terminal().style()).forEach(shell::say);
    }
    return ExitCode.DONE;
  }

  private List<BreakerTransition> chosen(List<BreakerTransition> moves, Cluster kafka)
      throws InterruptedException {
    if (moves.isEmpty()) {
      requireKnown(kafka);
    }
    Long wanted = epoch;
    if (wanted == null) {
      return moves.subList(lastCause(moves), moves.size());
    }
    List<BreakerTransition> found =
        moves.stream().filter(each -> each.getEpoch() == wanted).toList();
    if (found.isEmpty()) {
      throw ConsoleException.wrongUsage(unknownEpoch(wanted, moves), null);
    }
    return found;
  }

  /** The last move that somebody or something caused; the first there is where nothing did. */
  private static int lastCause(List<BreakerTransition> moves) {
    for (int i = moves.size() - 1; i > 0; i--) {
      if (moves.get(i).getSymptom() != null || moves.get(i).getWho() != null) {
        return i;
      }
    }
    return 0;
  }

  private void requireKnown(Cluster kafka) throws InterruptedException {
    try (BoardReader board = BoardReader.open(kafka)) {
      if (board.state(breaker) == null) {
        throw ConsoleException.wrongUsage(board.unknown(breaker), null);
      }
    }
  }

  private String unknownEpoch(long wanted, List<BreakerTransition> moves) {
    if (moves.isEmpty()) {
      return "No move of " + breaker + " began epoch " + wanted + ": it has never moved";
    }
    int left = Math.max(0, moves.size() - EPOCHS_NAMED);
    String newest =
        moves.stream()
            .skip(left)
            .map(each -> Long.toString(each.getEpoch()))
            .collect(Collectors.joining(", "));
    return "No move of "
        + breaker
        + " began epoch "
        + wanted
        + " on "
        + Topics.BREAKER_TRANSITIONS.name()
        + "\nThere are: "
        + (left > 0 ? moves.get(0).getEpoch() + ", ... " : "")
        + newest;
  }
}
