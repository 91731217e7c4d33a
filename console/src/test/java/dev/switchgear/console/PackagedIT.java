package dev.switchgear.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is shipped is enough to run: the tests' own class path holds more. */
class PackagedIT {

  private static final Path TARGET = Path.of("target");

  @Test
  void policiesCanBeReadWithWhatIsPackaged() throws IOException, InterruptedException {
    Process process = run("policy", "check", "../docs/example-policies.yaml");
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(out).isEqualTo("../docs/example-policies.yaml: fine, 5 patterns\n");
    assertThat(process.exitValue()).isZero();
  }

  private static Process run(String... arguments) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String classes = jar() + System.getProperty("path.separator") + TARGET.resolve("lib") + "/*";
    List<String> command =
        Stream.concat(
                Stream.of(java.toString(), "-cp", classes, Main.class.getName()),
                Stream.of(arguments))
            .toList();
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(TARGET)) {
      return files
          .filter(file -> file.getFileName().toString().matches("switchgear-console-.*\\.jar"))
          .filter(file -> !file.toString().endsWith("-tests.jar"))
          .findFirst()
          .orElseThrow();
    }
  }
}
