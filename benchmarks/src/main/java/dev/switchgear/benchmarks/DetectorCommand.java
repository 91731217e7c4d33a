package dev.switchgear.benchmarks;

import dev.switchgear.benchmarks.detector.HeapTrial;
import dev.switchgear.benchmarks.detector.Lane;
import dev.switchgear.benchmarks.detector.LaneTrial;
import java.io.PrintStream;
import java.nio.file.Path;
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
      "A detector with one thread, exactly once, catches up with a full topic; the broker is a",
      "process of its own. Everything is read twice, and the second time counts.%n"
    })
final class DetectorCommand implements Callable<Integer> {

  private static final long FEWEST = 10_000;
  private static final long MOST = 10_000_000;
  private static final int MOST_BREAKERS = 1_000_000;

  private final PrintStream out;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--records",
      defaultValue = "300000",
      description = "Records of each lane. Default: ${DEFAULT-VALUE}")
  private long records;

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

  /** All lanes, and the machine they ran on. */
  private record Results(
      int cores, String java, List<LaneTrial.Result> lanes, List<HeapTrial.Result> heaps) {}

  @Override
  public Integer call() throws Exception {
    if (records < FEWEST || records > MOST) {
      throw wrong("records: " + records + " (expected: " + FEWEST + ".." + MOST + ")");
    }
    if (!breakers.stream().allMatch(each -> each >= 1 && each <= MOST_BREAKERS)) {
      throw wrong("breakers: " + breakers + " (expected: each 1.." + MOST_BREAKERS + ")");
    }
    JsonFile file = JsonFile.open(json, this::wrong);
    List<LaneTrial.Result> lanes = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      LaneTrial.Result result = LaneTrial.run(lane, records);
      lanes.add(result);
      print(result);
    }
    List<HeapTrial.Result> heaps = heaps();
    int cores = Runtime.getRuntime().availableProcessors();
    file.write(new Results(cores, System.getProperty("java.version", ""), lanes, heaps));
    return 0;
  }

  /** Of each breaker: what the heap holds more than with one breaker. */
  private List<HeapTrial.Result> heaps() throws Exception {
    line("%-24s%14s%24s", "BREAKERS", "JUDGED", "HEAP BYTES OF EACH");
    List<HeapTrial.Result> heaps = new ArrayList<>();
    HeapTrial.Result one = HeapTrial.run(1);
    heaps.add(one);
    for (int wanted : breakers) {
      HeapTrial.Result heap = HeapTrial.run(wanted);
      heaps.add(heap);
      long bytes = (heap.heapBytes() - one.heapBytes()) / heap.judged();
      line("%-,24d%,14d%,24d", heap.wanted(), heap.judged(), bytes);
    }
    return heaps;
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

  private void line(String pattern, Object... values) {
    out.println(String.format(Locale.ROOT, pattern, values));
  }

  private RuntimeException wrong(String message) {
    return spec == null
        ? new IllegalStateException(message)
        : new ParameterException(spec.commandLine(), "--" + message);
  }
}
