package dev.switchgear.benchmarks.guard;

import dev.switchgear.benchmarks.guard.Contender.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures contenders with JMH, in turn, each in a virtual machine of its own. */
public final class GuardTrial {

  private static final String HEAP = "512m";

  /** On a busy machine the compiler gets its turn late; a caller waits for it, and warms up. */
  private static final String COMPILE_FIRST = "-XX:-BackgroundCompilation";

  private static final BinaryOperator<Reading> BETTER =
      BinaryOperator.minBy(Comparator.comparingDouble(Reading::nanos));

  private final Pace pace;
  private final String kafka;
  private final Path directory;
  private final Map<Case, Reading> best = new LinkedHashMap<>();

  private GuardTrial(Pace pace, String kafka, Path directory) {
    this.pace = pace;
    this.kafka = kafka;
    this.directory = directory;
  }

  /** What is measured by itself. */
  private record Case(Contender contender, int threads) {}

  /** Everybody there is, in the order of the table. */
  public static List<Contender> contenders() {
    return Lineup.all();
  }

  /**
   * Measures all of them, with each number of threads.
   *
   * @param progress is told who is next
   * @throws IOException if one of them cannot be measured
   */
  public static List<Reading> run(
      List<Contender> contenders, List<Integer> threads, Pace pace, Consumer<String> progress)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("switchgear-bench");
    GuardTrial trial;
    try (Fleet fleet = fleet(contenders)) {
      String kafka = fleet == null ? "" : fleet.bootstrapServers();
      trial = new GuardTrial(pace, kafka, directory);
      for (int round = 1; round <= pace.rounds(); round++) {
        String when = pace.rounds() == 1 ? "" : "round " + round + " of " + pace.rounds() + ", ";
        for (Contender contender : contenders) {
          progress.accept(when + contender.scenario().title() + ": " + contender.title());
          for (int count : threads) {
            trial.measure(new Case(contender, count));
          }
        }
      }
    }
    delete(directory);
    return List.copyOf(trial.best.values());
  }

  /** Only who is of Switchgear needs one. */
  private static @Nullable Fleet fleet(List<Contender> contenders)
      throws IOException, InterruptedException {
    boolean needed =
        contenders.stream().anyMatch(each -> each.kind() != Kind.PEER && each.kind() != Kind.BARE);
    return needed ? Fleet.start() : null;
  }

  private void measure(Case what) throws IOException {
    Path log = directory.resolve("jmh.log");
    var options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(what.contender().benchmark()) + "$")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .threads(what.threads())
            .forks(1)
            .jvmArgs("-Xms" + HEAP, "-Xmx" + HEAP, COMPILE_FIRST)
            .jvmArgsAppend(
                "-D" + Fleet.ADDRESS + "=" + kafka,
                "-Dcsp.sentinel.log.dir=" + directory,
                "-DEAGLEEYE.LOG.PATH=" + directory)
            .warmupIterations(Pace.WARMUPS)
            .warmupTime(millis(pace.warmup()))
            .measurementIterations(pace.iterations())
            .measurementTime(millis(pace.iteration()))
            .addProfiler(CallerCost.class)
            .shouldFailOnError(true)
            .output(log.toString())
            .build();
    try {
      best.merge(what, reading(what, new Runner(options).run()), BETTER);
    } catch (RunnerException e) {
      String benchmark = what.contender().benchmark();
      throw new IOException(benchmark + " failed: " + e.getMessage() + "; see also " + log, e);
    }
  }

  private static TimeValue millis(Duration duration) {
    return TimeValue.milliseconds(duration.toMillis());
  }

  /** Of the best iteration: what else the machine and its compilers do can only add to a call. */
  private static Reading reading(Case of, Collection<RunResult> results) throws IOException {
    return results.stream()
        .flatMap(run -> run.getBenchmarkResults().stream())
        .flatMap(fork -> fork.getIterationResults().stream())
        .map(iteration -> reading(of, iteration))
        .reduce(BETTER)
        .orElseThrow(() -> new IOException(of.contender().benchmark() + " is no benchmark"));
  }

  private static Reading reading(Case of, IterationResult iteration) {
    return new Reading(
        of.contender(),
        of.threads(),
        secondary(iteration, CallerCost.NANOS),
        iteration.getPrimaryResult().getScore(),
        secondary(iteration, CallerCost.BYTES));
  }

  private static double secondary(IterationResult iteration, String name) {
    Result<?> found = iteration.getSecondaryResults().get(name);
    return found == null ? Double.NaN : found.getScore();
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : files) {
      Files.delete(each);
    }
  }
}
