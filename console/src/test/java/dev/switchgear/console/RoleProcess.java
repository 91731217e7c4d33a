package dev.switchgear.console;

import java.io.File;
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
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    classPath(),
                    Main.class.getName(),
                    "run",
                    role.toString(),
                    "--kafka",
                    kafka,
                    "--data",
                    directory.resolve("state").toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new RoleProcess(role, process, log);
  }

  /** Surefire keeps the class path in a jar's manifest, and tells it here. */
  private static String classPath() {
    return System.getProperty(
        "surefire.test.class.path", System.getProperty("java.class.path", "." + File.separator));
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
