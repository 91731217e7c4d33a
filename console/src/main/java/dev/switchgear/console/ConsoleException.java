package dev.switchgear.console;

import org.jspecify.annotations.Nullable;

/** Ends the program. The message is for people: what is wrong, where, and what to do. */
final class ConsoleException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private ConsoleException(String message, int exitCode, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** What the user wrote cannot be. */
  static ConsoleException wrongUsage(String message, @Nullable Throwable cause) {
    return new ConsoleException(message, ExitCode.USAGE, cause);
  }

  /** What the user wanted did not work. */
  static ConsoleException failed(String message, @Nullable Throwable cause) {
    return new ConsoleException(message, ExitCode.FAILED, cause);
  }

  int exitCode() {
    return exitCode;
  }
}
