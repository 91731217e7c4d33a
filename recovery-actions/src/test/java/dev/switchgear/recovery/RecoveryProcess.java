package dev.switchgear.recovery;

import dev.switchgear.schemas.testing.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Recovery-actions in a process of its own, to be killed or paused. Ends when its input ends. */
final class RecoveryProcess implements AutoCloseable {

  private static final String READY = "ready";

  private final Process process;

  private RecoveryProcess(Process process) {
    this.process = process;
  }

  public static void main(String[] arguments) throws Exception {
    RecoverySettings settings =
        new RecoverySettings(
            arguments[0], arguments[1], Path.of(arguments[2]), 1, 1_000, 100, 3, Map.of());
    RecoveryActions recovery = RecoveryActions.start(settings);
    boolean running = recovery.awaitRunning(Eventually.BOUND);
    System.out.println(running ? READY : "not running");
    int ended = System.in.read();
    recovery.close();
    System.exit(ended < 0 ? 0 : 1);
  }

  /** Starts one, and waits until it works. */
  static RecoveryProcess start(String bootstrapServers, String applicationId, Path state)
      throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                RecoveryProcess.class.getName(),
                bootstrapServers,
                applicationId,
                state.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    awaitReady(process);
    return new RecoveryProcess(process);
  }

  /** As the kernel does when memory is short. */
  void kill() {
    close();
  }

  /** Stands still, as a machine that swaps; its connections stay open. */
  void pause() throws Exception {
    signal("STOP");
  }

  void resume() throws Exception {
    signal("CONT");
  }

  /** Kills it, if it still is. */
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

  private static void awaitReady(Process process) throws IOException {
    var reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.equals(READY)) {
        return;
      }
    }
    throw new AssertionError("The process ended before it worked");
  }
}
