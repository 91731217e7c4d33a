package dev.switchgear.detector.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.detector.policy.PolicyBook.Said;
import dev.switchgear.detector.policy.PolicyChange.Kind;
import dev.switchgear.schemas.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A file and the topic, taken together; and what is another between two books. */
class PolicyBookTest {

  private static List<WrittenPolicy> file(String... lines) {
    return PolicyFile.parse("p.yaml", String.join("\n", lines));
  }

  private static WrittenPolicy topic(String pattern, long version, String document) {
    return PolicyRecords.read(pattern, new Policy(pattern, version, document, "ana", "why", 1L));
  }

  private static PolicyBook book(List<WrittenPolicy> file, WrittenPolicy... topic) {
    List<WrittenPolicy> all = new ArrayList<>(file);
    all.addAll(List.of(topic));
    return PolicyBook.of(all);
  }

  private static Said said(PolicyBook book, String breaker, String key) {
    return book.explain(breaker).stream().filter(s -> s.key().equals(key)).findAny().orElseThrow();
  }

  @Test
  void ofOnePattern_theTopicDecides_andInheritsFromTheFile() {
    PolicyBook book =
        book(
            file("breakers: { a: { errors: { acceptedShare: 0.3 }, enforced: false } }"),
            topic("a", 4, "errors: { acceptedShare: 0.2 }"));

    BreakerPolicy policy = book.policyOf("a");
    assertThat(policy.errors().acceptedShare()).isEqualTo(0.2);
    assertThat(policy.enforced()).isFalse();
    assertThat(policy.version()).isEqualTo(4);
  }

  @Test
  void theMoreSpecificPatternDecides_whereverItIsWritten() {
    PolicyBook book =
        book(file("breakers: { a/b: { enforced: false } }"), topic("a/*", 4, "staleAfter: 1m"));

    assertThat(book.policyOf("a/b").enforced()).isFalse();
    assertThat(book.policyOf("a/b").staleAfter()).hasMinutes(1);
    assertThat(book.policyOf("a/c").enforced()).isTrue();
  }

  @Test
  void ofEquallySpecificPatterns_theFirstInTheAlphabetDecides_wheneverItWasWritten() {
    WrittenPolicy first = topic("a*b", 1, "staleAfter: 5s");
    WrittenPolicy second = topic("ab*", 2, "staleAfter: 7s");

    assertThat(book(List.of(), second, first).policyOf("abb").staleAfter()).hasSeconds(5);
    assertThat(book(List.of(), first, second).policyOf("abb").staleAfter()).hasSeconds(5);
  }

  @Test
  void eachValueIsExplained() {
    PolicyBook book =
        book(
            file("default:", "  enforced: false", "breakers:", "  a*:", "    staleAfter: 60s"),
            topic("ab", 9, "errors: { acceptedShare: 0.2 }"));

    assertThat(said(book, "ab", "errors.acceptedShare").value()).isEqualTo("0.2");
    assertThat(said(book, "ab", "errors.acceptedShare").from().map(WrittenPolicy::source))
        .contains("switchgear.policies[ab]");
    assertThat(said(book, "ab", "staleAfter").value()).isEqualTo("1m");
    assertThat(said(book, "ab", "staleAfter").from().map(WrittenPolicy::source))
        .contains("p.yaml:5");
    assertThat(said(book, "ab", "enforced").from().map(WrittenPolicy::pattern)).contains("*");
    assertThat(said(book, "ab", "errors.ignored"))
        .isEqualTo(
            new Said(
                "errors.ignored", "[\"4xx\", \"cancelled\", \"sql-statement\"]", Optional.empty()));
    assertThat(book.explain("ab"))
        .extracting(Said::key)
        .containsExactlyElementsOf(PolicyKeys.ALL.keySet());
  }

  @Test
  void whatIsAnotherIsToldKeyByKey() {
    PolicyBook before =
        book(
            List.of(),
            topic("gone", 1, "{}"),
            topic("same", 1, "staleAfter: 60s"),
            topic("x", 1, "enforced: true\nstaleAfter: 5s"));
    PolicyBook after =
        book(
            file(
                "breakers: { same: { staleAfter: 1m }, x: { enforced: false }, y: { enforced: true } }"));

    List<PolicyChange> changes = PolicyChange.between(before, after);
    assertThat(changes).extracting(PolicyChange::pattern).containsExactly("gone", "x", "y");
    assertThat(changes)
        .extracting(PolicyChange::kind)
        .containsExactly(Kind.REMOVED, Kind.CHANGED, Kind.ADDED);
    assertThat(changes.get(1).keys())
        .containsExactly(
            new PolicyChange.Key("enforced", "true", "false"),
            new PolicyChange.Key("staleAfter", "5s", null));
  }

  @Test
  void aDefaultThatSaysNothingIsNotWritten() {
    assertThat(
            PolicyChange.between(book(List.of(), topic("*", 3, "{}")), book(file("breakers: {}"))))
        .isEmpty();
  }

  @Test
  void aHigherVersionAloneIsAChange_aLowerOneIsNone() {
    PolicyBook before = book(List.of(), topic("a", 3, "{}"));
    assertThat(PolicyChange.between(before, book(file("breakers: { a: { version: 4 } }"))))
        .hasSize(1);
    assertThat(PolicyChange.between(before, book(file("breakers: { a: { version: 2 } }"))))
        .isEmpty();
  }
}
