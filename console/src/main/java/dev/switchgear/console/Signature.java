package dev.switchgear.console;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who gives a command, and why: both are kept with it. */
final class Signature {

  @Option(
      names = "--who",
      paramLabel = "NAME",
      description = "Who decides this (default: the name you are logged in with).")
  private @Nullable String who;

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      required = true,
      description = "The reason; everybody will see it.")
  private String why = "";

  String who() {
    return who == null ? System.getProperty("user.name", "unknown") : who;
  }

  String why() {
    if (why.isBlank()) {
      throw ConsoleException.wrongUsage("--why: (empty) (expected: a reason)", null);
    }
    return why;
  }
}
