package dev.switchgear.benchmarks;

import dev.switchgear.benchmarks.fleet.Outage;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Compares one shared breaker with a breaker in each instance. */
@Command(
    name = "fleet",
    header = "One outage, with a shared breaker and with a breaker in each instance.",
    description = {
      "The breakers are the real ones, callers and dependency are simulated: no network, and the",
      "same seed gives the same figures. docs/why-shared.md says how to read them.%n"
    })
final class FleetCommand implements Callable<Integer> {

  private static final int MOST_RUNS = 1_001;

  private final PrintStream out;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--instances",
      defaultValue = "100",
      description = "Callers in the first two tables. Default: ${DEFAULT-VALUE}")
  private int instances;

  @Option(
      names = "--fleets",
      paramLabel = "INSTANCES",
      split = ",",
      defaultValue = "1,10,100,1000",
      description = "Callers in the last table. Default: ${DEFAULT-VALUE}")
  private List<Integer> fleets = List.of();

  @Option(
      names = "--rate",
      defaultValue = "1",
      description = "Calls a second of each instance. Default: ${DEFAULT-VALUE}")
  private double rate;

  @Option(
      names = "--background",
      paramLabel = "SHARE",
      defaultValue = "0.001",
      description =
          "Share of calls that fail although the dependency is well. Default: ${DEFAULT-VALUE}")
  private double background;

  @Option(
      names = "--delay",
      paramLabel = "MILLIS",
      defaultValue = "150",
      description =
          "From a decision of the shared breaker until every guard obeys. Default: ${DEFAULT-VALUE}")
  private long delay;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of the first run. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--runs",
      defaultValue = "5",
      description = "Runs of which the median is shown. Default: ${DEFAULT-VALUE}")
  private int runs;

  @Option(names = "--json", paramLabel = "FILE", description = "Write everything as JSON.")
  private @Nullable Path json;

  FleetCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException {
    Outage outage = outage(instances);
    if (runs < 1 || runs > MOST_RUNS) {
      throw wrong("runs: " + runs + " (expected: 1.." + MOST_RUNS + ")");
    }
    List<Outage> sizes = fleets.stream().map(this::outage).toList();
    JsonFile file = JsonFile.open(json, this::wrong);
    Comparison comparison = Comparison.run(outage, runs, sizes);
    ComparisonTable.of(comparison).forEach(out::println);
    file.write(comparison);
    return 0;
  }

  private Outage outage(int callers) {
    try {
      return new Outage(callers, rate, Outage.Fault.FAILS, background, delay, seed);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private RuntimeException wrong(String message) {
    return spec == null
        ? new IllegalStateException(message)
        : new ParameterException(spec.commandLine(), "--" + message);
  }
}
