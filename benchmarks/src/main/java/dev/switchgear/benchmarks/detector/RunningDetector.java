package dev.switchgear.benchmarks.detector;

import dev.switchgear.benchmarks.broker.BrokerProcess;
import dev.switchgear.detector.Detector;
import dev.switchgear.detector.DetectorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A detector as it really runs, but with one thread and nothing kept from before. */
final class RunningDetector implements AutoCloseable {

  private final String application;
  private final Path state;
  private final Detector detector;

  private RunningDetector(String application, Path state, Detector detector) {
    this.application = application;
    this.state = state;
    this.detector = detector;
  }

  /** Starts one, and returns when it works. */
  static RunningDetector start(BrokerProcess broker)
      throws IOException, InterruptedException, TimeoutException {
    String application = "bench-" + Long.toHexString(System.nanoTime());
    Path state = Files.createTempDirectory("switchgear-bench");
    DetectorSettings settings =
        new DetectorSettings(broker.bootstrapServers(), application, state, 1, null, Map.of());
    RunningDetector running = new RunningDetector(application, state, Detector.start(settings));
    if (!running.detector.awaitRunning(FullTopic.AT_MOST)) {
      running.close();
      throw new TimeoutException("The detector does not run after " + FullTopic.AT_MOST);
    }
    return running;
  }

  /** Names its group, and is part of the names of its threads. */
  String application() {
    return application;
  }

  @Override
  public void close() throws IOException {
    detector.close();
    List<Path> files;
    try (Stream<Path> all = Files.walk(state)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : files) {
      Files.delete(each);
    }
  }
}
