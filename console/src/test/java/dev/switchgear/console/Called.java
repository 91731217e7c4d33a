package dev.switchgear.console;

import dev.switchgear.console.view.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One call of the command line in this process, and what came out of it. */
record Called(int exitCode, String out, String err) {

  /** Calls it with nothing in the environment. */
  static Called with(String... arguments) {
    return with(Map.of(), arguments);
  }

  static Called with(Map<String, String> environment, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode = Main.run(shell(out, err, environment), arguments);
    return new Called(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  static Shell shell(
      ByteArrayOutputStream out, ByteArrayOutputStream err, Map<String, String> environment) {
    return new Shell(
        Terminal.plain(new PrintStream(out, true, StandardCharsets.UTF_8)),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        environment);
  }
}
