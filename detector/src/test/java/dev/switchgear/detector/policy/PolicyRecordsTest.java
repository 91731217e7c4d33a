package dev.switchgear.detector.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.schemas.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyRecordsTest {

  private static Policy record(String pattern, long version, String document) {
    return new Policy(pattern, version, document, "ana", "why", 1L);
  }

  private static void assertRefused(@Nullable String key, Policy record, String message) {
    assertThatThrownBy(() -> PolicyRecords.read(key, record))
        .isInstanceOf(PolicyException.class)
        .hasMessage(message);
  }

  @Test
  void aDocumentIsWhatStandsBelowThePattern() {
    WrittenPolicy written =
        PolicyRecords.read("a/*", record("a/*", 7, "slowness:\n  floor: 2s\nenforced: false\n"));

    BreakerPolicy policy = PolicyBook.of(List.of(written)).policyOf("a/b");
    assertThat(policy.slowness().floor()).isEqualTo(Duration.ofSeconds(2));
    assertThat(policy.enforced()).isFalse();
    assertThat(policy.version()).isEqualTo(7);
  }

  @Test
  void everyKeySurvivesTheTopic() {
    String[] file = {
      "default:",
      "  enforced: false",
      "  falseTripsPerDay: 1e-11",
      "  staleAfter: 90s",
      "  split: [caller, region]",
      "  errors: { acceptedShare: 0.35, ignored: [\"4xx\", 'a \"b\\', \"\\u0007\"], double: [] }",
      "  slowness: { floor: 1500ms, timesBaseline: 0, acceptedShare: .3 }",
      "  throughput: { watched: false, opens: false }",
      "  silence: { watched: true, opens: true }",
      "  saturation: { watched: true, limit: 0.75, opens: false }",
      "  queue: { watched: true, limit: 5000, opens: true }",
      "  windows: { agree: 2s }",
      "  backOff: { first: 100ms, factor: 2.5, longest: 1d, jitter: 0 }",
      "  probes: { perSecond: 0.5, rearm: 1m }",
      "  ramp: { shares: [1, 9999], step: 1h }",
      "  timeout: { factor: 1.5, shortest: 1ms, longest: 10m }",
      "  quota: { calls: 9, per: 90s, guaranteed: { gold: 3, \"1.5\": 4 } }",
    };
    PolicyBook book = PolicyBook.of(PolicyFile.parse("p", String.join("\n", file)));
    Map<String, String> said = book.saidFor("*");
    String document = PolicyRecords.document(said);

    PolicyBook read = PolicyBook.of(List.of(PolicyRecords.read("*", record("*", 1, document))));
    assertThat(said).containsOnlyKeys(PolicyKeys.ALL.keySet());
    assertThat(read.policyOf("x")).isEqualTo(book.policyOf("x"));
    assertThat(read.saidFor("*")).isEqualTo(said);
  }

  @Test
  void whatSaysNothingIsADocumentAsWell() {
    assertThat(PolicyRecords.document(Map.of())).isEqualTo("{}\n");
    assertThat(PolicyRecords.read("a", record("a", 1, "{}\n")).version()).hasValue(1);
  }

  @Test
  void absurdRecordsAreRefused() {
    String topic = "switchgear.policies[a]:1: ";
    assertRefused(
        "b", record("a", 1, "{}"), topic + "pattern (expected: the key of the record, b)");
    assertRefused(
        null, record("a", 1, "{}"), topic + "pattern (expected: the key of the record, null)");
    assertRefused("a", record("a", 0, "{}"), topic + "version: 0 (expected: 1..1000000000000)");
    assertRefused(
        "a",
        record("a", Long.MAX_VALUE, "{}"),
        topic + "version: 9223372036854775807 (expected: 1..1000000000000)");
    assertRefused("a", record("a", 1, ""), topic + "empty (expected: keys, or {})");
    assertRefused(
        "a",
        record("a", 1, "x: 1\ny"),
        "switchgear.policies[a]:2: could not find expected ':' (expected: YAML)");
    assertRefused("a", record("a", 1, "- 1"), topic + "[1] (expected: keys with values)");
    assertRefused(
        "a",
        record("a", 1, "version: 3"),
        topic + "version: 3 (expected: the record's version only)");
    assertRefused(
        "a",
        record("a", 1, " ".repeat(70_000)),
        topic + "document: 70000 characters (expected: 0..65536)");
    assertRefused(
        "a",
        record("a", 1, "enforced: true\nprobes: { perSecond: 1e99 }"),
        "switchgear.policies[a]:2: probes.perSecond: 1.0E99 (expected: 0.01..1000.0)");
    assertRefused(
        "a\nb",
        record("a\nb", 1, "{}"),
        "switchgear.policies[?]:1: pattern (expected: a breaker pattern of 1..255 printable characters)");
  }

  @Test
  void whetherItFitsWhatItInheritsIsNotAskedOfARecordAlone() {
    WrittenPolicy first = PolicyRecords.read("a", record("a", 1, "backOff: { first: 5m }"));
    WrittenPolicy base = PolicyRecords.read("*", record("*", 1, "backOff: { longest: 10m }"));

    assertThat(PolicyBook.of(List.of(first, base)).policyOf("a").backOff().longest())
        .isEqualTo(Duration.ofMinutes(10));
    assertThatThrownBy(() -> PolicyBook.of(List.of(first)))
        .hasMessage("switchgear.policies[a]:1: backOff.longest: 15s (expected: 5m..1d)");
  }
}
