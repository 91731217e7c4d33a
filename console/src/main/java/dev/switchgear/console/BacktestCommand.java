package dev.switchgear.console;

import dev.switchgear.console.backtest.Digest;
import dev.switchgear.console.backtest.HindsightJson;
import dev.switchgear.console.backtest.HindsightPage;
import dev.switchgear.console.backtest.History;
import dev.switchgear.console.backtest.TopicHistory;
import dev.switchgear.console.view.Figures;
import dev.switchgear.detector.backtest.Backtest;
import dev.switchgear.detector.backtest.FeltSymptom;
import dev.switchgear.detector.backtest.Hindsight;
import dev.switchgear.detector.policy.PolicyBook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tries policies on history. */
@Command(
    name = "backtest",
    header = "Try a policy on history: what would have tripped, when, and what it would refuse.",
    description =
        "The brain that judges the fleet goes over a file, faster than real time.%n"
            + "docs/backtest.md describes the files.%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear backtest --input metrics.csv",
      "  switchgear backtest --input metrics.csv --policy new.yaml --against old.yaml",
      "  switchgear backtest --input metrics.csv --out r.json --picture r.html",
      "  switchgear backtest --input switchgear.observations --kafka b1:9092"
    })
final class BacktestCommand implements Callable<Integer> {

  private static final String BUILT_IN = "built-in";

  /** More lines than this are for the report. */
  private static final int MOST_LINES = 40;

  private final Shell shell;

  @Option(
      names = "--input",
      paramLabel = "FILE|TOPIC",
      required = true,
      description =
          "CSV of measurements (time,dependency,metric,value), lines of OTLP JSON,"
              + " or switchgear.observations or switchgear.spans.")
  private String input = "";

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "Of a topic, what was written since then: 2026-01-31T12:00:00Z.")
  private Instant from = Instant.EPOCH;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      converter = Moment.class,
      description = "Of a topic, what was written before then.")
  private Instant to = Instant.ofEpochMilli(Long.MAX_VALUE);

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "Policies to judge by; without it the built-in one.")
  private @Nullable Path policy;

  @Option(
      names = "--against",
      paramLabel = "FILE",
      description = "Policies to compare with; \"built-in\" for the built-in one.")
  private @Nullable String against;

  @Option(names = "--out", paramLabel = "FILE", description = "Write the whole result as JSON.")
  private @Nullable Path out;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "Draw every breaker's signals, symptoms and states (HTML).")
  private @Nullable Path picture;

  BacktestCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<PolicyBook> books = new ArrayList<>();
    List<String> names = new ArrayList<>();
    add(policy == null ? BUILT_IN : policy.toString(), books, names);
    if (against != null) {
      add(against, books, names);
    }
    long began = System.nanoTime();
    History history = history();
    List<HindsightJson.Tried> tried = new ArrayList<>();
    for (int i = 0; i < books.size(); i++) {
      Backtest backtest = new Backtest(books.get(i));
      history.replay(backtest);
      tried.add(new HindsightJson.Tried(names.get(i), backtest.hindsight()));
    }
    long elapsed = Duration.ofNanos(System.nanoTime() - began).toMillis();
    tell(history, tried, elapsed);
    write("--out", out, () -> HindsightJson.document(input, history, tried, elapsed));
    write("--picture", picture, () -> HindsightPage.of(input, history, tried.get(0)));
    return ExitCode.DONE;
  }

  private History history() throws InterruptedException {
    if (TopicHistory.isTopic(input)) {
      TopicHistory.check(input);
      Cluster kafka = Cluster.reach(cluster.settings(shell)).requireTopics();
      return TopicHistory.read(input, kafka.clients(), from, to);
    }
    Path file = Path.of(input);
    if (!Files.isRegularFile(file)) {
      throw ConsoleException.wrongUsage(
          "--input: " + input + " (expected: a file, or a topic such as switchgear.observations)",
          null);
    }
    return History.read(file);
  }

  private static void add(String name, List<PolicyBook> books, List<String> names) {
    names.add(name);
    books.add(name.equals(BUILT_IN) ? PolicyBook.BUILT_IN : PolicyBook.read(Path.of(name)));
  }

  private void tell(History history, List<HindsightJson.Tried> tried, long elapsedMillis) {
    for (HindsightJson.Tried each : tried) {
      Digest digest = Digest.of(each.hindsight());
      shell.say("Policy " + each.policy());
      symptoms(each.hindsight());
      shell.say(
          String.format(
              Locale.ROOT,
              "  %d symptoms in %d incidents over %.2f days, %d trips, %.0f of %.0f calls refused",
              each.hindsight().symptoms().size(),
              digest.incidents().size(),
              digest.days(),
              digest.trips(),
              digest.refused(),
              digest.calls()));
    }
    shell.say(
        String.format(
            Locale.ROOT,
            "%d values, %d gaps, judged in %.1f s",
            history.values(),
            history.gaps(),
            elapsedMillis / 1e3));
  }

  private void symptoms(Hindsight hindsight) {
    List<FeltSymptom> all = hindsight.symptoms();
    all.stream().limit(MOST_LINES).map(BacktestCommand::line).forEach(shell::say);
    if (all.size() > MOST_LINES) {
      shell.say("  ... and " + (all.size() - MOST_LINES) + " more; --out writes all of them");
    }
  }

  private static String line(FeltSymptom symptom) {
    Long to = symptom.toMillis();
    return String.format(
        Locale.ROOT,
        "  %s  %-15s %s  %s: %s",
        Instant.ofEpochMilli(symptom.fromMillis()),
        symptom.kind().name().toLowerCase(Locale.ROOT),
        to == null
            ? "to the end"
            : "for " + Figures.span(Duration.ofMillis(to - symptom.fromMillis())),
        symptom.dependency(),
        symptom.evidence().reason());
  }

  private void write(String option, @Nullable Path file, Callable<String> text) {
    if (file == null) {
      return;
    }
    try {
      Files.writeString(file, text.call() + "\n");
    } catch (IOException e) {
      throw ConsoleException.failed(option + ": " + file + " cannot be written (" + e + ")", e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    shell.say("Wrote " + file);
  }
}
