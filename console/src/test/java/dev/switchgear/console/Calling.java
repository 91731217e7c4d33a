package dev.switchgear.console;

import dev.switchgear.console.view.Style;
import dev.switchgear.console.view.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A call of the command line that stays, on a thread of its own. Closing it is Ctrl-C. */
final class Calling implements AutoCloseable {

  private static final Duration BOUND = Duration.ofSeconds(60);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private final Thread thread;

  private Calling(boolean onTerminal, String... arguments) {
    Shell shell = onTerminal ? terminal(out, err) : Called.shell(out, err, Map.of());
    thread =
        new Thread(
            () -> exitCode.complete(Main.run(shell, arguments)),
            "switchgear " + String.join(" ", arguments));
    thread.setDaemon(true);
  }

  static Calling with(String... arguments) {
    return started(new Calling(false, arguments));
  }

  /** The same, on a terminal of 100 columns. */
  static Calling onTerminal(String... arguments) {
    return started(new Calling(true, arguments));
  }

  private static Calling started(Calling calling) {
    calling.thread.start();
    return calling;
  }

  private static Shell terminal(OutputStream out, OutputStream err) {
    PrintStream screen = new PrintStream(out, true, StandardCharsets.UTF_8);
    Terminal.Size size = new Terminal.Size(100, 30);
    return new Shell(
        Terminal.interactive(screen, new Style(false, true), () -> size),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        Map.of());
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Waits until what was written is as wanted; returns it. */
  String awaitOut(Predicate<String> wanted) throws InterruptedException {
    try {
      Waiting.until(() -> wanted.test(out()) || exitCode.isDone(), BOUND);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + said(), e);
    }
    if (!wanted.test(out())) {
      throw new AssertionError("It ended" + said());
    }
    return out();
  }

  private String said() {
    return "\nOut:\n" + out() + "\nErr:\n" + err();
  }

  /** Ctrl-C; what the call ends with. */
  int interrupt() throws InterruptedException, ExecutionException, TimeoutException {
    thread.interrupt();
    return exitCode.get(BOUND.toSeconds(), TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(BOUND.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
