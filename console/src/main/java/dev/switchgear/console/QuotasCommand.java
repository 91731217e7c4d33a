package dev.switchgear.console;

import dev.switchgear.breaker.policy.NearestName;
import dev.switchgear.console.view.QuotaTable;
import dev.switchgear.schemas.QuotaState;
import dev.switchgear.schemas.Topics;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
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
final class QuotasCommand implements Callable<Integer>, Watch.View<QuotaState> {

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
        new Watch<>(shell, records, this).stay(!json);
      } else if (json) {
        shell.say(QuotaJson.document(kafka.bootstrapServers(), found(records)));
      } else {
        table(found(records), shell.width()).forEach(shell::say);
      }
    }
    return ExitCode.DONE;
  }

  /** All of them, or the one that was asked for; that has to be there, unless it is waited for. */
  private List<QuotaState> found(NewestRecords<QuotaState> records) {
    List<QuotaState> shown = shown(records.all());
    if (limit != null && shown.isEmpty()) {
      throw ConsoleException.failed(
          "Nobody uses a limit of the fleet called " + limit + nearest(limit, records), null);
    }
    return shown;
  }

  private static String nearest(String limit, NewestRecords<QuotaState> records) {
    return NearestName.of(limit, records.keys())
        .map(name -> "; did you mean " + name + "?")
        .orElse(", or no policy gives it a quota");
  }

  @Override
  public List<QuotaState> shown(List<QuotaState> all) {
    return all.stream().filter(quota -> isAskedFor(quota.getLimit())).toList();
  }

  private boolean isAskedFor(String name) {
    return limit == null || limit.equals(name);
  }

  @Override
  public @Nullable String line(QuotaState quota) {
    if (!isAskedFor(quota.getLimit())) {
      return null;
    }
    return json ? QuotaJson.line(quota) : QuotaTable.change(quota);
  }

  @Override
  public @Nullable String end(String name) {
    if (!isAskedFor(name)) {
      return null;
    }
    return json ? QuotaJson.ended(name) : QuotaTable.ended(name);
  }

  @Override
  public List<String> table(Collection<QuotaState> quotas, int width) {
    if (quotas.isEmpty()) {
      return List.of(
          limit == null
              ? "No limit of the fleet is used, or no policy gives one a quota."
              : "Nobody uses " + limit + " now, or no policy gives it a quota.");
    }
    return limit == null
        ? QuotaTable.of(quotas, Instant.now(), shell.terminal().style(), width)
        : QuotaTable.of(quotas.iterator().next(), shell.terminal().style(), width);
  }
}
