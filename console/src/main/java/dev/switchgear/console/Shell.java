package dev.switchgear.console;

import dev.switchgear.console.view.Terminal;
import java.io.PrintStream;
import java.util.Map;

/** Where the command line was called. */
record Shell(Terminal terminal, PrintStream err, Map<String, String> environment) {

  Shell {
    environment = Map.copyOf(environment);
  }

  PrintStream out() {
    return terminal.out();
  }

  /** One line for people, at once. */
  void say(String line) {
    out().println(line);
    out().flush();
  }
}
