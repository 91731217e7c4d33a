package dev.switchgear.console;

import java.io.ByteArrayOutputStream;
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

  private Calling(String... arguments) {
    thread =
        new Thread(
            () -> exitCode.complete(Main.run(Called.shell(out, err, Map.of()), arguments)),
            "switchgear " + String.join(" ", arguments));
    thread.setDaemon(true);
  }

  static Calling with(String... arguments) {
    Calling calling = new Calling(arguments);
    calling.thread.start();
    return calling;
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Waits until what was written is as wanted; returns it. */
  String awaitOut(Predicate<String> wanted) throws InterruptedException {
    Waiting.until(() -> wanted.test(out()) || exitCode.isDone(), BOUND);
    if (!wanted.test(out())) {
      throw new AssertionError("Out:\n" + out() + "\nErr:\n" + err());
    }
    return out();
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
