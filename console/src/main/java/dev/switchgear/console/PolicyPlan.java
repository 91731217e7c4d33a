package dev.switchgear.console;

import dev.switchgear.detector.policy.LayeredPolicies;
import dev.switchgear.detector.policy.PolicyBook;
import dev.switchgear.detector.policy.PolicyChange;
import dev.switchgear.detector.policy.PolicyChange.Kind;
import dev.switchgear.detector.policy.PolicyFile;
import dev.switchgear.detector.policy.PolicyRecords;
import dev.switchgear.detector.policy.WrittenPolicy;
import dev.switchgear.schemas.Policy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What it takes for the topic to say what a file says.
 *
 * @param file as the user named it
 * @param changes what is new or another
 * @param leftOver what is on the topic only
 * @param refused patterns whose newest record on the topic no detector goes by
 * @param nextVersion of whatever is written
 * @param before what holds now
 * @param after what would hold
 */
record PolicyPlan(
    Path file,
    List<PolicyChange> changes,
    List<PolicyChange> leftOver,
    Set<String> refused,
    boolean prunes,
    long nextVersion,
    PolicyBook before,
    PolicyBook after) {

  /** Says nothing, but has a version: what breakers fall back to when a pattern goes. */
  private static final String EVERY_BREAKER = "*";

  /**
   * A plan; nothing is done yet.
   *
   * @param topic what is on the topic
   * @param beneath what the detectors' own file says
   * @param prune whether what is on the topic only is to go
   * @throws dev.switchgear.detector.policy.PolicyException if the file is wrong, or does not go
   *     together with what stays on the topic
   */
  static PolicyPlan of(
      Path file, LayeredPolicies topic, List<WrittenPolicy> beneath, boolean prune) {
    List<WrittenPolicy> wanted = PolicyFile.read(file);
    PolicyBook written = PolicyBook.of(wanted);
    List<PolicyChange> all = PolicyChange.between(topic.book(), written);
    List<PolicyChange> changes = new ArrayList<>(kind(all, false));
    List<PolicyChange> leftOver = kind(all, true);
    Set<String> named = all.stream().map(PolicyChange::pattern).collect(Collectors.toSet());
    for (WrittenPolicy each : wanted) {
      if (topic.refused().contains(each.pattern()) && !named.contains(each.pattern())) {
        Map<String, String> said = written.saidFor(each.pattern());
        changes.add(new PolicyChange(Kind.CHANGED, each.pattern(), said, said, Optional.of(each)));
      }
    }
    return new PolicyPlan(
        file,
        changes,
        leftOver,
        topic.refused(),
        prune && !leftOver.isEmpty(),
        topic.highestVersion() + 1,
        PolicyBook.of(with(topic.book().written(), beneath)),
        PolicyBook.of(with(after(topic.book(), wanted, prune), beneath)));
  }

  /** Whether there is nothing to write. */
  boolean isEmpty() {
    return changes.isEmpty() && !prunes;
  }

  /** Known breakers that would go by other rules. */
  List<String> touched(Collection<String> breakers) {
    return breakers.stream().filter(this::isTouched).sorted().toList();
  }

  private boolean isTouched(String breaker) {
    return !before.policyOf(breaker).withVersion(0).equals(after.policyOf(breaker).withVersion(0));
  }

  /**
   * The version of a change: the one that somebody wrote, or the next.
   *
   * @throws ConsoleException if what is written would go back
   */
  long versionOf(PolicyChange change) {
    WrittenPolicy now = change.now().orElseThrow();
    if (now.version().isEmpty()) {
      return nextVersion;
    }
    long written = now.version().getAsLong();
    long held =
        before.written().stream()
            .filter(each -> each.pattern().equals(change.pattern()))
            .flatMap(each -> each.record().stream())
            .mapToLong(Policy::getVersion)
            .max()
            .orElse(0);
    if (written <= held) {
      throw ConsoleException.wrongUsage(
          now.placeOfVersion()
              + ": "
              + written
              + " (the topic holds version "
              + held
              + "; expected: more than that, or no version: it is counted without)",
          null);
    }
    return written;
  }

  /** What is to be written, by pattern; null for a pattern that is to go. */
  Map<String, @Nullable Policy> records(String who, String why, long nowMillis) {
    Map<String, @Nullable Policy> records = new LinkedHashMap<>();
    for (PolicyChange change : changes) {
      String document = PolicyRecords.document(change.after());
      long version = versionOf(change);
      records.put(
          change.pattern(), new Policy(change.pattern(), version, document, who, why, nowMillis));
    }
    if (prunes) {
      leftOver.forEach(gone -> records.put(gone.pattern(), null));
      Map<String, String> said =
          leftOver.stream().anyMatch(gone -> gone.pattern().equals(EVERY_BREAKER))
              ? Map.of()
              : topicSaid(EVERY_BREAKER);
      Policy fallBack = records.get(EVERY_BREAKER);
      if (fallBack == null) {
        String document = PolicyRecords.document(said);
        records.put(
            EVERY_BREAKER, new Policy(EVERY_BREAKER, nextVersion, document, who, why, nowMillis));
      }
    }
    return records;
  }

  /** What the topic itself says for a pattern. */
  private Map<String, String> topicSaid(String pattern) {
    boolean onTopic =
        before.written().stream()
            .anyMatch(each -> each.pattern().equals(pattern) && each.record().isPresent());
    return onTopic ? before.saidFor(pattern) : Map.of();
  }

  private static List<PolicyChange> kind(List<PolicyChange> all, boolean removed) {
    return all.stream().filter(each -> (each.kind() == Kind.REMOVED) == removed).toList();
  }

  private static List<WrittenPolicy> after(
      PolicyBook topic, List<WrittenPolicy> wanted, boolean prune) {
    Set<String> replaced = wanted.stream().map(WrittenPolicy::pattern).collect(Collectors.toSet());
    List<WrittenPolicy> after = new ArrayList<>(wanted);
    topic.written().stream()
        .filter(each -> !prune && !replaced.contains(each.pattern()))
        .forEach(after::add);
    return after;
  }

  private static List<WrittenPolicy> with(List<WrittenPolicy> topic, List<WrittenPolicy> beneath) {
    List<WrittenPolicy> all = new ArrayList<>(topic);
    all.addAll(beneath);
    return all;
  }
}
