package dev.switchgear.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be told without a Kafka. */
class CommandLineTest {

  @TempDir private Path directory = Path.of("");

  private static void assertRefused(Called called, String... lines) {
    assertThat(called.err().lines()).containsExactly(lines);
    assertThat(called.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "demo",
        "up",
        "breakers",
        "symptoms",
        "quotas",
        "why",
        "backtest",
        "hold",
        "release",
        "run",
        "topics",
        "topics create",
        "policy",
        "policy check",
        "policy diff",
        "policy apply",
        "policy show"
      })
  void everyCommandHasHelpWithAnExample_notWiderThan80Columns(String command) {
    Called called = Called.with((command + " --help").strip().split(" "));

    assertThat(called.exitCode()).isZero();
    assertThat(called.out()).contains("Usage: switchgear", "--debug");
    assertThat(called.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(81));
    if (!command.equals("topics")) {
      assertThat(called.out()).containsPattern("Examples?:\n  switchgear ");
    }
  }

  @Test
  void theVersionIsOneLine() {
    assertThat(Called.with("--version").out()).matches("switchgear \\S.*\n");
  }

  @Test
  void withoutACommand_usageIsTold() {
    assertRefused(Called.with(), "switchgear: Missing command", "See: switchgear --help");
  }

  @Test
  void anUnknownFlagIsToldWithTheNearest() {
    assertRefused(
        Called.with("demo", "--rat", "3"),
        "switchgear: no such option: --rat. Did you mean --rate?",
        "See: switchgear demo --help");
    assertRefused(
        Called.with("breakers", "--jsn=x"),
        "switchgear: no such option: --jsn. Did you mean --json?",
        "See: switchgear breakers --help");
  }

  @Test
  void anUnknownCommandIsToldWithTheNearest() {
    assertRefused(
        Called.with("brakers"),
        "switchgear: no such command: brakers. Did you mean breakers?",
        "See: switchgear --help");
  }

  @Test
  void anUnknownRoleIsToldWithAllRoles() {
    assertThat(Called.with("run", "detectr").err())
        .contains(
            "detectr (expected: gateway, detector, recovery-actions, demo-shop)."
                + " Did you mean detector?");
  }

  @Test
  void malformedValuesAreToldWithWhatWasExpected() {
    assertRefused(
        Called.with("demo", "--rate", "fast"), "switchgear: --rate: fast (expected: a number)");
    assertRefused(Called.with("demo", "--rate", "0"), "switchgear: --rate: 0.0 (expected: 1..500)");
    assertRefused(
        Called.with("demo", "--instances", "99"), "switchgear: --instances: 99 (expected: 1..8)");
    assertRefused(
        Called.with("demo", "--seed", "x"), "switchgear: --seed: x (expected: a whole number)");
    assertRefused(
        Called.with("breakers", "--kafka", "somewhere"),
        "switchgear: --kafka: somewhere (expected: host:port[,host:port])");
    assertRefused(
        Called.with("up", "--port", "70000"), "switchgear: --port: 70000 (expected: 0..65535)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "0s", "-1m", "31d", "m", "1.5h", "10 m", "999999999d"})
  void aMalformedLengthOfAHoldIsRefused(String length) {
    Called called = Called.with("hold", "a/b", "--open", "--for=" + length, "--why", "w");

    assertThat(called.err()).contains(length + " (expected: 1s..30d, as in 90s, 10m, 2h, 1d)");
    assertThat(called.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aHoldNeedsOneKind_aLength_andAReason() {
    assertThat(Called.with("hold", "a/b", "--for", "1m", "--why", "w").err())
        .contains("--open", "--closed", "--shadow");
    assertThat(Called.with("hold", "a/b", "--open", "--closed", "--for", "1m", "--why", "w").err())
        .contains("mutually exclusive");
    assertThat(Called.with("hold", "a/b", "--open", "--why", "w").err()).contains("--for=TIME");
    assertThat(Called.with("release", "a/b").err()).contains("--why=TEXT");
    assertRefused(
        Called.with("release", "a/b", "--why", " "),
        "switchgear: --why: (empty) (expected: a reason)");
  }

  @Test
  void everyMistakeOfAPolicyFileIsToldWithItsPlace() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("p.yaml"),
            "default: { enforcd: true }\nbreakers:\n  a: { staleAfter: 10 }\n");

    Called called = Called.with("policy", "check", file.toString());

    assertThat(called.err().lines())
        .hasSize(2)
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith(file + ":1: default.enforcd: true (no such key; did you mean"),
            line -> assertThat(line).startsWith(file + ":3: breakers.a.staleAfter: 10 (expected:"));
    assertThat(called.out()).isEmpty();
    assertThat(called.exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aFineOrAMissingPolicyFileIsTold() {
    Called fine = Called.with("policy", "check", "../docs/example-policies.yaml");
    assertThat(fine.out()).isEqualTo("../docs/example-policies.yaml: fine, 5 patterns\n");
    assertThat(fine.exitCode()).isZero();
    assertRefused(
        Called.with("policy", "check", "none.yaml"),
        "none.yaml:1: no such file (expected: a policy file)");
  }

  @Test
  void aWrongPolicyFileIsToldBeforeKafkaIsAsked() {
    for (String command : List.of("diff", "apply")) {
      assertRefused(
          Called.with("policy", command, "none.yaml", "--kafka", "host.invalid:9092"),
          "switchgear: none.yaml:1: no such file (expected: a policy file)");
    }
  }

  @Test
  void aPolicyCommandThatIsMissingOrUnknownIsTold() {
    assertRefused(
        Called.with("policy"),
        "switchgear: Missing command: check, diff, apply or show",
        "See: switchgear policy --help");
    assertRefused(
        Called.with("policy", "aply", "x"),
        "switchgear: no such command: aply. Did you mean apply?",
        "See: switchgear policy --help");
  }

  @Test
  void anUnknownSettingIsToldWithFileLineAndNearest() throws IOException {
    Path file = Files.writeString(directory.resolve("s.properties"), "\ndetector.treads=1\n");

    assertRefused(
        Called.with("up", "--config", file.toString()),
        "switchgear: "
            + file
            + ":2: detector.treads is not a setting. Did you mean detector.threads?"
            + " (all: docs/configuration.md)");
    assertThat(Called.with(Map.of("SWITCHGEAR_GATEWAY_PROT", "1"), "breakers").err())
        .contains("Did you mean SWITCHGEAR_GATEWAY_PORT?");
  }

  @Test
  void aReportThatCannotBeWrittenIsRefusedBeforeAnythingRuns() {
    Path nowhere = directory.resolve("missing").resolve("r.json");

    Called called = Called.with("demo", "--once", "--report", nowhere.toString());

    assertThat(called.err())
        .startsWith("switchgear: --report: " + nowhere + " (expected: a file that can be written");
    assertThat(called.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(called.out()).isEmpty();
    assertThat(Called.with("demo", "--report", directory.toString()).exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void anUnknownHostIsTold() {
    assertRefused(
        Called.with("breakers", "--kafka", "host.invalid:9092"),
        "switchgear: Kafka at host.invalid:9092: nobody knows this host name");
  }

  @Test
  void onlyDebugShowsWhere() {
    String[] call = {"breakers", "--kafka", "somewhere"};
    String[] debugged = {"breakers", "--kafka", "somewhere", "--debug"};

    assertThat(Called.with(call).err()).doesNotContain("\tat ");
    assertThat(Called.with(debugged).err()).contains("SettingException", "\tat ");
  }
}
