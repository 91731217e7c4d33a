package dev.switchgear.benchmarks;

import dev.switchgear.benchmarks.detector.HeapTrial;
import dev.switchgear.benchmarks.detector.Lane;
import dev.switchgear.benchmarks.detector.LaneTrial;
import dev.switchgear.benchmarks.detector.LatencyTrial;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what a record costs the detector. */
@Command(
    name = "detector",
    header = "What a span and an observation cost the detector, beside a consumer that only reads.",
    description = {
      "A detector with one thread, exactly once, catches up with a full topic; the broker and Flink",
      "are processes of their own. Everything is read twice, and the second time counts. Then what",
      "breakers take of the heap, and how long decisions take under load. docs/benchmarks.md says",
      "how to read it.%n"
    })
final class DetectorCommand implements Callable<Integer> {

  private static final long FEWEST = 10_000;
  private static final long MOST = 10_000_000;
  private static final long USUAL = 600_000;
  private static final long FULL = 4_000_000;
  private static final int MOST_PERCENT = 100;
  private static final Duration MOMENT = Duration.ofSeconds(8);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int MOST_BREAKERS = 1_000_000;

  private final PrintStream out;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--records",
      description = "Records of each lane. Default: 600000, with --full 4000000")
  private @Nullable Long wantedRecords;

  @Option(names = "--full", description = "More records, and a minute for each latency.")
  private boolean full;

  @Option(
      names = "--peers",
      defaultValue = "flink",
      description = "Who does the span lane's job beside it: ${COMPLETION-CANDIDATES}.")
  private Peers peers = Peers.FLINK;

  @Option(
      names = "--percent",
      split = ",",
      defaultValue = "10,50,90",
      description =
          "Latency under so much of a lane's rate, beside half of what this machine bears. Default: ${DEFAULT-VALUE}")
  private List<Integer> percents = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "Write everything as JSON.")
  private @Nullable Path json;

  DetectorCommand(PrintStream out) {
    this.out = out;
  }

  @Option(
      names = "--breakers",
      split = ",",
      defaultValue = "1000,10000,100000",
      description = "Breakers whose memory is measured. Default: ${DEFAULT-VALUE}")
  private List<Integer> breakers = List.of();

  /** Whom to compare with. */
  private enum Peers {
    FLINK,
    NONE
  }

  /** All lanes, and the machine they ran on. */
  private record Results(
      int cores,
      String java,
      List<LaneTrial.Result> lanes,
      List<HeapTrial.Result> heaps,
      List<LatencyTrial.Result> latencies) {}

  @Override
  public Integer call() throws Exception {
    long records = records();
    check("breakers", breakers, MOST_BREAKERS);
    check("percent", percents, MOST_PERCENT);
    JsonFile file = JsonFile.open(json, this::wrong);
    List<LaneTrial.Result> lanes = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      LaneTrial.Result result = LaneTrial.run(lane, records, peers == Peers.FLINK);
      lanes.add(result);
      print(result);
    }
    List<HeapTrial.Result> heaps = HeapTrial.run(breakers.stream().sorted().toList());
    printHeaps(heaps);
    List<LatencyTrial.Result> latencies = latencies(lanes);
    int cores = Runtime.getRuntime().availableProcessors();
    String java = System.getProperty("java.version", "");
    file.write(new Results(cores, java, lanes, heaps, latencies));
    return 0;
  }

  private long records() {
    long records = wantedRecords != null ? wantedRecords : full ? FULL : USUAL;
    if (records < FEWEST || records > MOST) {
      throw wrong("records: " + records + " (expected: " + FEWEST + ".." + MOST + ")");
    }
    return records;
  }

  private void check(String name, List<Integer> values, int most) {
    if (!values.stream().allMatch(each -> each >= 1 && each <= most)) {
      throw wrong(name + ": " + values + " (expected: each 1.." + most + ")");
    }
  }

  private void printHeaps(List<HeapTrial.Result> heaps) {
    line("%-24s%14s%24s", "BREAKERS", "JUDGED", "HEAP BYTES OF EACH");
    for (HeapTrial.Result heap : heaps) {
      line("%-,24d%,14d%,24d", heap.wanted(), heap.judged(), heap.bytesOfEach());
    }
    line("");
  }

  private List<LatencyTrial.Result> latencies(List<LaneTrial.Result> lanes) throws Exception {
    line(
        "%-14s%10s%10s%10s%11s%9s%11s%11s",
        "UNDER LOAD", "", "WANTED/S", "SENT/S", "DECISIONS", "MISSING", "P50", "P99");
    List<LatencyTrial.Result> results = new ArrayList<>();
    for (LaneTrial.Result lane : lanes) {
      Duration each = full ? MINUTE : MOMENT;
      results.addAll(LatencyTrial.run(lane.lane(), percents, lane.rate(), each, this::print));
    }
    return results;
  }

  private void print(LatencyTrial.Result result) {
    line(
        "%-14s%10s%,10d%,10d%11d%9d%11s%11s",
        result.lane().name().toLowerCase(Locale.ROOT),
        result.load(),
        result.wantedPerSecond(),
        result.sentPerSecond(),
        result.decisions(),
        result.missing(),
        result.p50Millis() + " ms",
        result.p99Millis() + " ms");
  }

  private void print(LaneTrial.Result result) {
    String name = result.lane().name().toLowerCase(Locale.ROOT);
    line("%,d %s of %d bytes", result.records(), name, result.recordBytes());
    line("");
    line("%-24s%14s%8s%16s%16s", "", "RECORDS/CPU-S", "SHARE", "WHOLE PROCESS", "BYTES/RECORD");
    long bare = result.readings().get(0).perThreadSecond();
    for (LaneTrial.Reading reading : result.readings()) {
      line(
          "%-24s%,14d%8s%,16d%,16d",
          reading.reader(),
          reading.perThreadSecond(),
          String.format(Locale.ROOT, "%.0f %%", 100.0 * reading.perThreadSecond() / bare),
          reading.perProcessSecond(),
          reading.allocatedBytes());
    }
    line("");
  }

  /** Seen at once, by a pipe as well: the whole takes minutes. */
  private void line(String pattern, Object... values) {
    out.println(String.format(Locale.ROOT, pattern, values));
    out.flush();
  }

  private RuntimeException wrong(String message) {
    return spec == null
        ? new IllegalStateException(message)
        : new ParameterException(spec.commandLine(), "--" + message);
  }
}
