package dev.switchgear.console;

import dev.switchgear.breaker.policy.NearestName;
import dev.switchgear.console.view.Canvas;
import dev.switchgear.console.view.QuotaTable;
import dev.switchgear.schemas.QuotaState;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How the limits of the fleet are shared. */
@Command(
    name = "quotas",
    header = "Show the limits of the fleet: what is wanted, and who may take how much.",
    description = "Without LIMIT, one line for each limit and tier.%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchgear quotas",
      "  switchgear quotas payments/charge",
      "  switchgear quotas --watch --json --kafka b1:9092"
    })
final class QuotasCommand implements Callable<Integer> {

  /** Ages are shown in seconds. */
  private static final Duration REDRAW = Duration.ofSeconds(1);

  /** A pipe has no width: nothing is cut. */
  private static final int UNLIMITED = 10_000;

  private final Shell shell;
  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "LIMIT",
      description = "Show this one only, instance by instance.")
  private @Nullable String limit;

  @Option(
      names = "--watch",
      description = "Stay until Ctrl-C: redraw on a terminal, else a line per change.")
  private boolean watch;

  @Option(
      names = "--json",
      description = "One JSON document; with --watch, one line for each limit and change.")
  private boolean json;

  QuotasCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws InterruptedException {
    Cluster kafka = Cluster.reach(cluster.settings(shell)).requireTopics();
    try (NewestRecords<QuotaState> records = NewestRecords.open(kafka, Topics.QUOTAS)) {
      if (watch) {
        watch(records);
      } else if (json) {
        shell.say(QuotaJson.document(kafka.bootstrapServers(), shown(records)));
      } else {
        boolean cut = shell.terminal().interactive();
        int width = cut ? shell.terminal().size().columns() : UNLIMITED;
        table(shown(records), width).forEach(shell::say);
      }
    }
    return ExitCode.DONE;
  }

  /** All of them, or the one that was asked for. */
  private List<QuotaState> shown(NewestRecords<QuotaState> records) {
    if (limit == null) {
      return records.all();
    }
    QuotaState one = records.of(limit);
    if (one == null) {
      throw ConsoleException.failed(
          "Nobody uses a limit of the fleet called " + limit + nearest(limit, records), null);
    }
    return List.of(one);
  }

  /** The same for whoever stays: what is not there may come, or come back. */
  private List<QuotaState> watched(NewestRecords<QuotaState> records) {
    return limit == null || records.of(limit) != null ? shown(records) : List.of();
  }

  private static String nearest(String limit, NewestRecords<QuotaState> records) {
    return NearestName.of(limit, records.keys())
        .map(name -> "; did you mean " + name + "?")
        .orElse(", or no policy gives it a quota");
  }

  private void watch(NewestRecords<QuotaState> records) {
    try {
      if (shell.terminal().interactive() && !json) {
        redraw(records);
      } else {
        lines(records);
      }
    } catch (InterruptedException e) {
      shell.out().flush();
    }
  }

  private void redraw(NewestRecords<QuotaState> records) throws InterruptedException {
    try (Canvas canvas = new Canvas(shell.terminal())) {
      while (!Thread.interrupted()) {
        canvas.draw(table(watched(records), canvas.columns()));
        records.awaitChange(REDRAW);
      }
    }
  }

  private void lines(NewestRecords<QuotaState> records) throws InterruptedException {
    Consumer<QuotaState> tell = this::tell;
    records.follow(all -> all.forEach(tell), tell);
    new CountDownLatch(1).await();
  }

  private void tell(QuotaState quota) {
    if (limit == null || limit.equals(quota.getLimit())) {
      shell.say(json ? QuotaJson.line(quota) : QuotaTable.change(quota));
    }
  }

  private List<String> table(List<QuotaState> quotas, int width) {
    if (quotas.isEmpty()) {
      return List.of("No limit of the fleet is used, or no policy gives one a quota.");
    }
    return limit == null
        ? QuotaTable.of(quotas, Instant.now(), shell.terminal().style(), width)
        : QuotaTable.of(quotas.get(0), shell.terminal().style(), width);
  }
}
