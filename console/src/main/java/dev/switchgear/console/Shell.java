package dev.switchgear.console;

import dev.switchgear.console.view.Terminal;
import java.io.PrintStream;
import java.util.Map;

/** Where the command line was called. */
record Shell(Terminal terminal, PrintStream err, Map<String, String> environment) {

  /** A pipe has no width: nothing is cut. */
  private static final int UNLIMITED = 10_000;

  Shell {
    environment = Map.copyOf(environment);
  }

  PrintStream out() {
    return terminal.out();
  }

  /** Columns that a line may have. */
  int width() {
    return terminal.interactive() ? terminal.size().columns() : UNLIMITED;
  }

  /** One line for people, at once. */
  void say(String line) {
    out().println(line);
    out().flush();
  }
}
