package dev.switchgear.detector;

import dev.switchgear.schemas.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A detector in a process of its own. */
final class DetectorProcess {

  private DetectorProcess() {}

  public static void main(String[] arguments) throws Exception {
    DetectorSettings settings =
        new DetectorSettings(
            arguments[0], arguments[1], Path.of(arguments[2]), 1, null, kafka(arguments));
    Detector detector = Detector.start(settings);
    while (!detector.awaitRunning(Duration.ofSeconds(1))) {
      System.out.println("starting");
    }
    System.out.println(ChildJvm.READY);
    int ended = System.in.read();
    detector.close();
    System.exit(ended < 0 ? 0 : 1);
  }

  private static Map<String, String> kafka(String[] arguments) {
    Map<String, String> kafka = new HashMap<>();
    for (int i = 3; i < arguments.length; i++) {
      int equals = arguments[i].indexOf('=');
      kafka.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
    }
    return kafka;
  }

  /**
   * Starts one.
   *
   * @param kafka client settings, {@code key=value}
   */
  static ChildJvm start(String bootstrapServers, String applicationId, Path state, String... kafka)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of(bootstrapServers, applicationId, state.toString()));
    arguments.addAll(List.of(kafka));
    return ChildJvm.start(DetectorProcess.class, arguments);
  }
}
