package dev.switchgear.console;

import dev.switchgear.schemas.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One part of Switchgear in a virtual machine of its own, so that it can be killed. */
final class RoleProcess implements AutoCloseable {

  private static final Duration BOUND = Duration.ofSeconds(60);

  private final Role role;
  private final Process process;
  private final Path log;

  private RoleProcess(Role role, Process process, Path log) {
    this.role = role;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts it.
   *
   * @param directory for its state and its log
   */
  static RoleProcess start(Role role, String kafka, Path directory) throws IOException {
    Path log = Files.createTempFile(directory, role + "-", ".log");
    String state = directory.resolve("state").toString();
    List<String> run = List.of("run", role.toString(), "--kafka", kafka, "--data", state);
    Process process =
        new ProcessBuilder(ChildJvm.command(Main.class, run))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new RoleProcess(role, process, log);
  }

  RoleProcess awaitRunning() throws InterruptedException {
    Waiting.until(() -> log().contains(role + " runs") || !process.isAlive(), BOUND);
    if (!process.isAlive()) {
      throw new AssertionError(role + " ended with " + process.exitValue() + ":\n" + log());
    }
    return this;
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return "(" + e + ")";
    }
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(BOUND.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError(role + " cannot be killed");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
