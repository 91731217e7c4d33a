package dev.switchgear.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Takes the log while a window is drawn. Kept, and named to the user, only if it holds anything.
 */
final class LogFile implements AutoCloseable {

  private final Shell shell;
  private final Path file;
  private final Logs.Muted redirected;

  private LogFile(Shell shell, Path file) {
    this.shell = shell;
    this.file = file;
    this.redirected = Logs.toFile(file);
  }

  static LogFile open(Shell shell) {
    try {
      return new LogFile(shell, Files.createTempFile("switchgear-", ".log"));
    } catch (IOException e) {
      throw ConsoleException.failed(
          "A log file cannot be made in a temporary place (" + e + ")", e);
    }
  }

  @Override
  public void close() throws IOException {
    redirected.close();
    if (Files.size(file) == 0) {
      Files.delete(file);
    } else {
      shell.say("Warnings of this run: " + file);
    }
  }
}
