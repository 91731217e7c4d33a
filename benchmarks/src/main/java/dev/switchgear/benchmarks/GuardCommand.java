package dev.switchgear.benchmarks;

import dev.switchgear.benchmarks.guard.Contender;
import dev.switchgear.benchmarks.guard.Contender.Kind;
import dev.switchgear.benchmarks.guard.GuardTrial;
import dev.switchgear.benchmarks.guard.Pace;
import dev.switchgear.benchmarks.guard.Reading;
import dev.switchgear.benchmarks.guard.Scenario;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what a guarded call costs. */
@Command(
    name = "guard",
    header = "What a guarded call costs, beside Resilience4j and others.",
    description = {
      "The call does nothing, so that what stands around it is measured: by JMH, each library in a",
      "virtual machine of its own, with one thread and with two. Guards are connected to Kafka, as",
      "in a service. docs/benchmarks.md says how to read it.%n"
    })
final class GuardCommand implements Callable<Integer> {

  private static final List<Integer> THREADS = List.of(1, 2);

  private final PrintStream out;
  private final PrintStream err;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--scenarios",
      split = ",",
      paramLabel = "NAME",
      description = "Only these: ${COMPLETION-CANDIDATES}. Default: all of them")
  private Set<Scenario> scenarios = EnumSet.allOf(Scenario.class);

  @Option(
      names = "--peers",
      defaultValue = "all",
      description = "Whom to measure beside Switchgear: ${COMPLETION-CANDIDATES}.")
  private Peers peers = Peers.ALL;

  @Option(names = "--quick", description = "One short round; only the order can be trusted.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Write everything as JSON.")
  private @Nullable Path json;

  GuardCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Whom to compare with. */
  private enum Peers {
    ALL,
    NONE
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonFile file = JsonFile.open(json, this::wrong);
    List<Contender> contenders = contenders();
    Pace pace = quick ? Pace.QUICK : Pace.USUAL;
    List<Reading> readings = GuardTrial.run(contenders, THREADS, pace, err::println);
    GuardTable.of(readings).forEach(out::println);
    file.write(GuardResults.of(readings));
    return 0;
  }

  /** What is nobody's library is always measured: without it there is nothing to take off. */
  private List<Contender> contenders() {
    return GuardTrial.contenders().stream()
        .filter(each -> each.kind() == Kind.BARE || scenarios.contains(each.scenario()))
        .filter(each -> each.kind() != Kind.PEER || peers == Peers.ALL)
        .toList();
  }

  private RuntimeException wrong(String message) {
    return spec == null
        ? new IllegalStateException(message)
        : new ParameterException(spec.commandLine(), "--" + message);
  }
}
