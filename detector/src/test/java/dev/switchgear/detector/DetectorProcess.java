package dev.switchgear.detector;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A detector in a process of its own, to be killed or paused. Ends when its input ends. */
final class DetectorProcess implements AutoCloseable {

  private static final String READY = "ready";

  private final Process process;

  private DetectorProcess(Process process) {
    this.process = process;
  }

  public static void main(String[] arguments) throws Exception {
    DetectorSettings settings =
        new DetectorSettings(
            arguments[0], arguments[1], Path.of(arguments[2]), 1, null, kafka(arguments));
    Detector detector = Detector.start(settings);
    while (!detector.awaitRunning(Duration.ofSeconds(1))) {
      System.out.println("starting");
    }
    System.out.println(READY);
    int ended = System.in.read();
    detector.close();
    System.exit(ended < 0 ? 0 : 1);
  }

  private static Map<String, String> kafka(String[] arguments) {
    Map<String, String> kafka = new HashMap<>();
    // The last transaction of a killed instance must not hold readers up for a minute.
    kafka.put("transaction.timeout.ms", "10000");
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
  static DetectorProcess start(
      String bootstrapServers, String applicationId, Path state, String... kafka)
      throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>();
    command.addAll(List.of(java, "-XX:+UseSerialGC", "-Xmx256m", "-cp", classPath));
    command.addAll(
        List.of(
            DetectorProcess.class.getName(), bootstrapServers, applicationId, state.toString()));
    command.addAll(List.of(kafka));
    return new DetectorProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Waits until it works. */
  DetectorProcess awaitReady() throws IOException {
    var reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.equals(READY)) {
        return this;
      }
    }
    throw new AssertionError("The process ended before it worked");
  }

  /** Stops it as an operator does. */
  void stop() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }

  /** Stands still, as a machine that swaps; its connections stay open. */
  void pause() throws Exception {
    signal("STOP");
  }

  void resume() throws Exception {
    signal("CONT");
  }

  /** Kills it, if it still is: as the kernel does when memory is short. */
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  private void signal(String name) throws Exception {
    String command = "kill -" + name + " " + process.pid();
    int exit = new ProcessBuilder("sh", "-c", command).start().waitFor();
    if (exit != 0) {
      throw new AssertionError(command + " ended with " + exit);
    }
  }
}
