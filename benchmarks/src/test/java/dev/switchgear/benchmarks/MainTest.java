package dev.switchgear.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    return Main.run(
        new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), arguments);
  }

  private void assertRefused(int exitCode, String... lines) {
    assertThat(exitCode).isEqualTo(2);
    assertThat(err.toString(UTF_8).lines()).containsExactly(lines);
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void theFleetIsCompared_asATableAndAsJson(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("r.json");

    int exitCode =
        run(
            "fleet",
            "--instances",
            "5",
            "--fleets",
            "1,20",
            "--runs",
            "1",
            "--json",
            file.toString());

    assertThat(exitCode).isZero();
    assertThat(out.toString(UTF_8).lines())
        .contains("5 instances, 1 call/s each; for 60 s the dependency hangs")
        .allMatch(line -> line.length() <= 80);
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    assertThat(json.at("/outages")).hasSize(12);
    assertThat(json.at("/sweep")).hasSize(12);
    assertThat(json.at("/sweep/11/outage/instances").asInt()).isEqualTo(20);
    assertThat(json.at("/outages/0/median/made").asInt()).isPositive();
  }

  @Test
  void helpIsGiven() {
    assertThat(run("fleet", "--help")).isZero();
    assertThat(out.toString(UTF_8)).contains("Usage: switchgear bench fleet", "--instances");
  }

  @Test
  void whatIsNoBenchmarkIsRefused() {
    assertRefused(
        run("flet"),
        "switchgear: no such benchmark: flet. Did you mean fleet?",
        "See: switchgear bench --help");
  }

  @Test
  void noBenchmarkIsRefused() {
    assertRefused(run(), "switchgear: Missing benchmark", "See: switchgear bench --help");
  }

  @Test
  void aValueOutOfBoundsIsRefused() {
    assertRefused(
        run("fleet", "--instances", "0"),
        "switchgear: --instances: 0 (expected: 1..10000)",
        "See: switchgear bench fleet --help");
  }

  @Test
  void anOptionThatABenchmarkDoesNotHaveIsRefused() {
    assertRefused(
        run("guard", "--quik"),
        "switchgear: no such option: --quik. Did you mean --quick?",
        "See: switchgear bench guard --help");
  }

  @Test
  void aScenarioThatThereIsNotIsRefused() {
    assertRefused(
        run("guard", "--scenarios", "closed,ajar"),
        "switchgear: Invalid value for option '--scenarios' (NAME): expected one of [FLOOR, CLOSED, OPEN, COMPOSED, FAILING] (case-insensitive) but was 'ajar'",
        "See: switchgear bench guard --help");
  }

  @Test
  void tooFewRecordsAreRefused() {
    assertRefused(
        run("detector", "--records", "1"),
        "switchgear: --records: 1 (expected: 10000..10000000)",
        "See: switchgear bench detector --help");
  }

  @Test
  void aFileThatCannotBeWrittenIsRefused_beforeAnythingIsRun() {
    assertRefused(
        run("fleet", "--json", "/nowhere/r.json"),
        "switchgear: --json: /nowhere/r.json (expected: a file that can be written)",
        "See: switchgear bench fleet --help");
  }
}
