package dev.switchgear.detector.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.Quota;
import dev.switchgear.breaker.policy.Scope;
import dev.switchgear.breaker.policy.Watched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFileTest {

  private static final Path DOCS = Path.of("..", "docs");

  @TempDir private Path directory = Path.of("");

  private static BreakerPolicy policy(String breaker, String... lines) {
    return PolicyBook.of(PolicyFile.parse("p.yaml", String.join("\n", lines))).policyOf(breaker);
  }

  private static void assertRefused(String message, String... lines) {
    assertThatThrownBy(() -> policy("any", lines))
        .isInstanceOf(PolicyException.class)
        .hasMessage(message);
  }

  @Test
  void theExampleOfTheDocsIsComplete() {
    PolicyBook book = PolicyBook.read(DOCS.resolve("example-policies.yaml"));

    BreakerPolicy byDefault = book.policyOf("recommendations/list");
    assertThat(byDefault.version()).isEqualTo(1);
    assertThat(byDefault.errors().ignored())
        .containsExactlyInAnyOrder("4xx", "cancelled", "sql-statement");
    assertThat(byDefault.withVersion(0)).isEqualTo(BreakerPolicy.DEFAULT);
    BreakerPolicy charge = book.policyOf("payments/charge");
    assertThat(charge.errors().acceptedShare()).isEqualTo(0.02);
    assertThat(charge.errors().ignored()).isEqualTo(byDefault.errors().ignored());
    assertThat(charge.slowness().floor()).isEqualTo(Duration.ofMillis(800));
    BreakerPolicy regional = book.policyOf("payments/charge@eu-west-1");
    assertThat(regional.probes().perSecond()).isEqualTo(2);
    assertThat(regional.slowness().floor()).isEqualTo(Duration.ofMillis(500));
    assertThat(book.policyOf("search/query").enforced()).isFalse();
  }

  @Test
  void theDocsShowTheExampleAsItIs() throws IOException {
    assertThat(Files.readString(DOCS.resolve("write-a-policy.md")))
        .contains(Files.readString(DOCS.resolve("example-policies.yaml")));
  }

  @Test
  void whereNobodySaysAnything_theBuiltInPolicyHolds() {
    assertThat(PolicyBook.BUILT_IN.policyOf("a")).isEqualTo(BreakerPolicy.DEFAULT);
    assertThat(policy("a", "breakers: { b: { version: 9 } }")).isEqualTo(BreakerPolicy.DEFAULT);
  }

  @Test
  void whatIsWrittenHasAVersion() {
    assertThat(policy("a", "default: { enforced: true }").version()).isEqualTo(1);
    assertThat(policy("a", "default: { version: 4 }", "breakers: { a: {} }").version())
        .isEqualTo(4);
  }

  @Test
  void everyKeyIsRead() {
    BreakerPolicy all =
        policy(
            "a",
            "default:",
            "  version: 7",
            "  enforced: false",
            "  falseTripsPerDay: 1e-3",
            "  errors: { acceptedShare: 0.5, ignored: [404, \"a b\"], double: [refused] }",
            "  slowness: { floor: 1s, timesBaseline: 2.5, acceptedShare: .3 }",
            "  backOff: { first: 100ms, factor: 3, longest: 1d, jitter: 0 }",
            "  probes: { perSecond: 0.5, rearm: 1m }",
            "  ramp: { shares: [], step: 1h }",
            "  throughput: { watched: false }",
            "  silence: { opens: true }",
            "  saturation: { limit: 0.8, opens: true }",
            "  queue: { watched: false, limit: 5000 }",
            "  windows: { agree: 3s }",
            "  timeout: { factor: 3, shortest: 20ms, longest: 5s }",
            "  staleAfter: 1m",
            "  split: [region]",
            "  quota: { calls: 500, per: 1m, guaranteed: { gold: 300, free: 50 } }");
    assertThat(all)
        .isEqualTo(
            new BreakerPolicy(
                7,
                false,
                new BreakerPolicy.Errors(0.5, Set.of("404", "a b"), Set.of("refused")),
                new BreakerPolicy.Slowness(Duration.ofSeconds(1), 2.5, 0.3),
                0.001,
                new BreakerPolicy.BackOff(Duration.ofMillis(100), 3, Duration.ofDays(1), 0),
                new BreakerPolicy.Probes(0.5, Duration.ofMinutes(1)),
                new BreakerPolicy.Ramp(List.of(), Duration.ofHours(1)),
                new BreakerPolicy.Windows(Duration.ofSeconds(3)),
                new BreakerPolicy.Timeout(3, Duration.ofMillis(20), Duration.ofSeconds(5)),
                Duration.ofMinutes(1),
                Set.of(Scope.REGION),
                new Watched(
                    new Watched.Kind(false, false),
                    new Watched.Kind(true, true),
                    new Watched.Saturation(true, 0.8, true),
                    new Watched.Queue(false, 5_000, false)),
                new Quota(500, Duration.ofMinutes(1), Map.of("gold", 300L, "free", 50L))));
  }

  @Test
  void onlyWhatIsWatchedCanOpen_andLimitsAreWhatTheyCanBe() {
    assertRefused(
        "p.yaml:2: default.silence.opens: true (expected: false where it is not watched)",
        "default:",
        "  silence: { opens: true, watched: false }");
    assertRefused(
        "p.yaml:2: default.saturation.limit: 90.0 (expected: 0.1..1.0)",
        "default:",
        "  saturation: { limit: 90 }");
    assertRefused(
        "p.yaml:2: default.queue.limit: -1.0 (expected: 0..1.0E12)",
        "default:",
        "  queue: { limit: -1 }");
  }

  @Test
  void aQuotaGuaranteesNoMoreThanThereIs_toTiersOfNamesThatCanBe() {
    assertRefused(
        "p.yaml:2: default.quota.guaranteed: {free: 50, gold: 60}"
            + " (expected: each at least 0, together at most calls, 100)",
        "default:",
        "  quota: { calls: 100, guaranteed: { gold: 60, free: 50 } }");
    assertRefused(
        "p.yaml:2: default.quota.guaranteed.gold: much (expected: a whole number)",
        "default:",
        "  quota: { calls: 100, guaranteed: { gold: much } }");
    assertRefused(
        "p.yaml:2: default.quota.per: 10ms (expected: 100ms..1d)",
        "default:",
        "  quota: { calls: 100, per: 10ms }");
    assertRefused(
        "p.yaml:2: default.quota.cals: 100"
            + " (no such key; did you mean calls? expected: calls, guaranteed, per)",
        "default:",
        "  quota: { cals: 100 }");
  }

  @Test
  void whoeverNeedsNoLimit_saysSo_whateverIsGuaranteedAbove() {
    String[] lines = {
      "default: { quota: { calls: 100, guaranteed: { gold: 60 } } }",
      "breakers: { a: { quota: { calls: 0 } }, b: { quota: { calls: 70 } } }"
    };
    assertThat(policy("a", lines).quota().limits()).isFalse();
    assertThat(policy("b", lines).quota())
        .isEqualTo(new Quota(70, Duration.ofSeconds(1), Map.of("gold", 60L)));
  }

  @Test
  void theMostSpecificPatternDecides_whateverTheOrderInTheFile() {
    String[] lines = {
      "breakers:",
      "  '*': { falseTripsPerDay: 1 }",
      "  payments/*: { falseTripsPerDay: 2 }",
      "  payments/charge: { falseTripsPerDay: 3 }",
      "  payments/ch*: { falseTripsPerDay: 4 }",
      "  '*charge': { falseTripsPerDay: 5 }",
    };
    assertThat(policy("payments/charge", lines).falseTripsPerDay()).isEqualTo(3);
    assertThat(policy("payments/check", lines).falseTripsPerDay()).isEqualTo(4);
    assertThat(policy("payments/refund", lines).falseTripsPerDay()).isEqualTo(2);
    assertThat(policy("cards/charge", lines).falseTripsPerDay()).isEqualTo(5);
    assertThat(policy("payments", lines).falseTripsPerDay()).isEqualTo(1);
  }

  @Test
  void aVersionIsTheHighestOfWhatThePolicyIsMadeOf() {
    String[] lines = {"default: { version: 2 }", "breakers: { a*: { version: 7 }, ab: {} }"};
    assertThat(policy("ab", lines).version()).isEqualTo(7);
    assertThat(policy("b", lines).version()).isEqualTo(2);
  }

  @Test
  void defaultIsThePatternThatNamesEveryBreaker() {
    assertThat(policy("a", "breakers: { '*': { enforced: false }, a: {} }").enforced()).isFalse();
    assertRefused(
        "p.yaml:2: breakers.*: {...} (written twice; expected: once, for default means the same)",
        "default: {}",
        "breakers: { '*': {} }");
  }

  @Test
  void whatCallsCannotBeSplitByIsRefused() {
    assertRefused(
        "p.yaml:1: default.split: [zone] (expected: some of region, caller, instance)",
        "default: { split: [zone] }");
  }

  @Test
  void allMistakesAreToldAtOnce_byLine() {
    assertRefused(
        "p.yaml:2: default.enforcd: yes (no such key; did you mean enforced? expected: backOff,"
            + " enforced, errors, falseTripsPerDay, probes, queue, quota, ramp, saturation,"
            + " silence, slowness, split, staleAfter, throughput, timeout, version, windows)\n"
            + "p.yaml:3: default.staleAfter: 0ms (expected: 1s..1h)\n"
            + "p.yaml:4: default.backOff.jitter: lots (expected: a number)\n"
            + "p.yaml:4: default.backOff.factor: 99.0 (expected: 1.0..10.0)\n"
            + "p.yaml:6: breakers.a.errors: 3 (expected: keys with values)\n"
            + "p.yaml:7: breakers.b.version: -1 (expected: 0..1000000000000)",
        "default:",
        "  enforcd: yes",
        "  staleAfter: 0s",
        "  backOff: { first: 1s, longest: 3s, factor: 99, jitter: lots }",
        "breakers:",
        "  a: { errors: 3 }",
        "  b: { version: -1 }");
  }

  @Test
  void oneMistakeMadeAThousandTimesIsNotToldAThousandTimes() {
    String[] lines = new String[120];
    lines[0] = "breakers:";
    for (int i = 1; i < lines.length; i++) {
      lines[i] = "  a" + i + ": { x: 1 }";
    }
    assertThatThrownBy(() -> policy("any", lines))
        .hasMessageEndingWith("\nand 69 more")
        .satisfies(e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSize(51));
  }

  @Test
  void valuesThatGoTogetherAreFine_inWhateverOrder() {
    assertThat(policy("a", "default: { backOff: { longest: 3s, first: 1s } }").backOff().longest())
        .isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void aFileThatIsNestedBeyondReasonIsRefused() {
    assertRefused("p.yaml:1: too deep (expected: at most 20)", "default: " + "[".repeat(50_000));
  }

  @Test
  void whatAPatternLeavesOutComesFromThoseThatCoverIt_andFromNoOther() {
    String[] lines = {
      "default: { probes: { perSecond: 9 } }",
      "breakers:",
      "  a/*: { errors: { acceptedShare: 0.3 }, slowness: { floor: 1s } }",
      "  '*/b*': { slowness: { floor: 2s } }",
      "  a/bc: { errors: { ignored: [x] } }",
    };
    BreakerPolicy both = policy("a/bc", lines);
    assertThat(both.errors().acceptedShare()).isEqualTo(0.3);
    assertThat(both.slowness().floor()).isEqualTo(Duration.ofSeconds(1));
    assertThat(both.probes().perSecond()).isEqualTo(9);
    BreakerPolicy other = policy("a/bd", lines);
    assertThat(other.errors().acceptedShare()).isEqualTo(0.3);
    assertThat(other.slowness().floor()).isEqualTo(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @CsvSource({
    "a/*, a/b, true",
    "a/*, a/b@c, true",
    "a/*, a/, true",
    "a/*, a, false",
    "*, anything, true",
    "a*c*e, abcde, true",
    "a*c*e, abcdef, false",
    "a**b, ab, true",
    "*ab, aab, true",
    "a, A, false",
  })
  void aStarStandsForAnyCharacters(String pattern, String breaker, boolean matches) {
    assertThat(new BreakerPattern(pattern).matches(breaker)).isEqualTo(matches);
  }

  @Test
  void anUnknownKeyIsToldWithTheNearest() {
    assertRefused(
        "p.yaml:2: default.enforcd: false (no such key; did you mean enforced? expected: backOff,"
            + " enforced, errors, falseTripsPerDay, probes, queue, quota, ramp, saturation,"
            + " silence, slowness, split, staleAfter, throughput, timeout, version, windows)",
        "default:",
        "  enforcd: false");
    assertRefused(
        "p.yaml:2: breakers.a/*.slowness.flor: 1s (no such key; did you mean floor? expected:"
            + " acceptedShare, floor, timesBaseline)",
        "breakers:",
        "  a/*: { slowness: { flor: 1s } }");
    assertRefused(
        "p.yaml:1: policies: {...} (no such key; expected: breakers, default)", "policies: {}");
  }

  @Test
  void aWrongTypeIsTold() {
    assertRefused(
        "p.yaml:1: default.enforced: yes (expected: true or false)", "default: { enforced: yes }");
    assertRefused(
        "p.yaml:1: default.enforced: \"true\" (expected: true or false)",
        "default: { enforced: 'true' }");
    assertRefused(
        "p.yaml:1: default.falseTripsPerDay: [1] (expected: a number)",
        "default: { falseTripsPerDay: [1] }");
    assertRefused(
        "p.yaml:1: default.version: 1.5 (expected: a whole number)", "default: { version: 1.5 }");
    assertRefused(
        "p.yaml:3: default.slowness.floor: 800 (expected: a whole number and a unit, ms, s, m, h"
            + " or d, such as 500ms)",
        "default:",
        "  slowness:",
        "    floor: 800");
    assertRefused(
        "p.yaml:1: default.errors: 0.1 (expected: keys with values)", "default: { errors: 0.1 }");
    assertRefused(
        "p.yaml:2: default.errors.ignored: \"404\" (expected: a list of texts, at most 100)",
        "default:",
        "  errors: { ignored: '404' }");
    assertRefused(
        "p.yaml:1: default.ramp.shares: half (expected: a list of whole numbers)",
        "default: { ramp: { shares: [1, half] } }");
    assertRefused("p.yaml:1: just text (expected: keys with values)", "just text");
    assertRefused(
        "p.yaml:2: default.slowness: \"\" (expected: keys with values)",
        "default:",
        "  slowness:",
        "  enforced: true");
  }

  @Test
  void aValueOutOfRangeIsToldWithItsRange() {
    assertRefused(
        "p.yaml:2: default.errors.acceptedShare: 0.9 (expected: 1.0E-4..0.8)",
        "default:",
        "  errors: { acceptedShare: 0.9 }");
    assertRefused(
        "p.yaml:1: default.slowness.floor: 0ms (expected: 1ms..10m)",
        "default: { slowness: { floor: 0s } }");
    assertRefused(
        "p.yaml:1: default.falseTripsPerDay: 11.0 (expected: 1.0E-12..10.0)",
        "default: { falseTripsPerDay: 11 }");
    assertRefused(
        "p.yaml:1: default.version: -1 (expected: 0..1000000000000)", "default: { version: -1 }");
    assertRefused(
        "p.yaml:1: default.ramp.shares: [500, 100] (expected: growing, each 1..9999)",
        "default: { ramp: { shares: [500, 100] } }");
  }

  @Test
  void whatIsInheritedIsCheckedTogetherWithWhatIsWritten() {
    assertRefused(
        "p.yaml:2: breakers.a.backOff.longest: 15s (expected: 5m..1d)",
        "breakers:",
        "  a: { backOff: { first: 5m } }");
  }

  @Test
  void whatIsWrittenTwiceIsTold() {
    assertRefused(
        "p.yaml:3: default.enforced: false (written twice; expected: once, as on line 2)",
        "default:",
        "  enforced: true",
        "  enforced: false");
    assertRefused(
        "p.yaml:3: breakers.a: {...} (written twice; expected: once, as on line 2)",
        "breakers:",
        "  a: { version: 1 }",
        "  a: { version: 2 }");
  }

  @Test
  void anEmptyFileIsTold() {
    assertRefused("p.yaml:1: empty (expected: default: or breakers:)", "");
    assertRefused("p.yaml:1: empty (expected: default: or breakers:)", "# nothing yet");
  }

  @Test
  void whatIsNoYamlIsToldWithItsLine() {
    assertThatThrownBy(() -> policy("a", "default:", "  enforced: [true"))
        .isInstanceOf(PolicyException.class)
        .hasMessageMatching("p\\.yaml:\\d: .*\\(expected: YAML\\)");
    assertThatThrownBy(() -> policy("a", "default:", "\tenforced: true"))
        .hasMessageStartingWith("p.yaml:2: ");
    assertThatThrownBy(() -> policy("a", "default:", "  enforced: \u0007"))
        .hasMessage("p.yaml:2: a character that YAML does not allow (expected: YAML)");
    assertThatThrownBy(() -> policy("a", "default: {}", "---", "default: {}"))
        .hasMessageStartingWith("p.yaml:2: ");
  }

  @Test
  void aBlankPatternIsTold() {
    assertThatThrownBy(() -> policy("a", "breakers:", "  ' ': {}"))
        .hasMessage(
            "p.yaml:2: breakers. : {...} (expected: a breaker pattern of 1..255 printable"
                + " characters)");
  }

  @Test
  void aFileThatCannotBeReadIsTold() throws IOException {
    Path missing = directory.resolve("none.yaml");
    assertThatThrownBy(() -> PolicyBook.read(missing))
        .hasMessage(missing + ":1: no such file (expected: a policy file)");
    Path binary = Files.write(directory.resolve("b.yaml"), new byte[] {(byte) 0xC3, 0x28});
    assertThatThrownBy(() -> PolicyBook.read(binary)).hasMessageContaining(":1: not UTF-8");
    Path large = Files.write(directory.resolve("l.yaml"), new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> PolicyBook.read(large)).hasMessageContaining("larger than 1048576");
  }

  @Test
  void messagesAreOneLine() {
    assertThatThrownBy(() -> policy("a", "default: { enforced: \"a\\nb\" }"))
        .satisfies(e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSize(1));
  }
}
