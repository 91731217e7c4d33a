package dev.switchgear.schemas.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program in a virtual machine of its own, to be killed or paused.
 *
 * <p>The program prints {@link #READY} on a line once it works, and ends when its input ends, so
 * that it does not outlive its test.
 */
public final class ChildJvm implements AutoCloseable {

  public static final String READY = "ready";

  /** As the tests themselves run: over before the second compiler pays. */
  private static final List<String> OPTIONS =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");

  private final Process process;

  private ChildJvm(Process process) {
    this.process = process;
  }

  /** Starts one, with the class path of the caller; its errors go where the caller's go. */
  public static ChildJvm start(Class<?> program, List<String> arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command(program, arguments));
    return new ChildJvm(builder.redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** What starts a program that says in its own way that it works. */
  public static List<String> command(Class<?> program, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(List.of("-cp", classPath(), program.getName()));
    command.addAll(arguments);
    return command;
  }

  /** Surefire keeps the class path in a jar's manifest, and tells it here. */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  /** Waits until it works. */
  public ChildJvm awaitReady() throws IOException {
    var reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    List<String> lines = new ArrayList<>();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.equals(READY)) {
        return this;
      }
      lines.add(line);
    }
    throw new AssertionError("The program ended before it worked; it said: " + lines);
  }

  /** Stops it as an operator does. */
  public void stop() throws IOException {
    process.getOutputStream().close();
    process.onExit().join();
  }

  /** Stands still, as a machine that swaps; its connections stay open. */
  public void pause() throws Exception {
    signal("STOP");
  }

  public void resume() throws Exception {
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
