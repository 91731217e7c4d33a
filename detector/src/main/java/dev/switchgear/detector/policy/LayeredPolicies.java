package dev.switchgear.detector.policy;

import dev.switchgear.schemas.Policy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The policies that hold: those of a topic, as they come, over those of a file. What is wrong is
 * refused, and what held before goes on. What does not go together with the rest waits until the
 * rest has changed. Whoever reads the same records comes to the same policies. Not thread-safe.
 */
public final class LayeredPolicies {

  /** As many as a file may hold; every change looks at all of them. */
  public static final int MOST = PolicyFile.MOST_PATTERNS;

  private final List<WrittenPolicy> file;
  private final Map<String, WrittenPolicy> holding = new LinkedHashMap<>();

  /** What was read and does not hold yet, by pattern; empty for one that is to go. */
  private final Map<String, Optional<WrittenPolicy>> waiting = new LinkedHashMap<>();

  /** Patterns whose newest record nobody can use. */
  private final Set<String> malformed = new LinkedHashSet<>();

  /** Refused on the way; told at the end. */
  private final List<Refusal> untold = new ArrayList<>();

  private boolean read;
  private long highestVersion;
  private PolicyBook book;

  /** A record that does not hold, and why. */
  public record Refusal(String pattern, String why) {}

  /** The policies of a file, until the topic says more. */
  public LayeredPolicies(List<WrittenPolicy> file) {
    this.file = List.copyOf(file);
    this.book = PolicyBook.of(file);
  }

  /** What holds now; another object after each change. */
  public PolicyBook book() {
    return book;
  }

  /** The highest version of all that was ever read, whether it holds or not. */
  public long highestVersion() {
    return highestVersion;
  }

  /** Patterns whose newest record does not hold. */
  public Set<String> refused() {
    Set<String> refused = new LinkedHashSet<>(malformed);
    refused.addAll(waiting.keySet());
    return refused;
  }

  /**
   * Takes a record; it holds after {@link #settle}.
   *
   * @param policy null for a tombstone
   */
  public Optional<Refusal> read(String pattern, @Nullable Policy policy) {
    try {
      Optional<WrittenPolicy> written =
          Optional.ofNullable(policy).map(record -> PolicyRecords.read(pattern, record));
      written.ifPresent(w -> highestVersion = Math.max(highestVersion, w.version().orElse(0)));
      put(pattern, written);
      return Optional.empty();
    } catch (PolicyException e) {
      return Optional.of(refuse(pattern, String.valueOf(e.getMessage())));
    }
  }

  /** Refuses a record that does not even decode. */
  public Refusal refuse(String pattern, String why) {
    malformed.add(pattern);
    return new Refusal(pattern, why);
  }

  /**
   * Takes over what was read. Patterns are written together because they belong together, so all of
   * it is tried first, and one by one only if that does not do.
   *
   * @return what does not go together with the rest
   */
  public List<Refusal> settle() {
    takeOver();
    List<Refusal> refusals = List.copyOf(untold);
    untold.clear();
    return refusals;
  }

  /**
   * Who reads a pattern twice at once goes through what those went through who read it when it was
   * written: the first of the two holds before the second is tried.
   */
  private void put(String pattern, Optional<WrittenPolicy> policy) {
    if (waiting.containsKey(pattern)) {
      takeOver();
    }
    read = true;
    malformed.remove(pattern);
    waiting.remove(pattern);
    waiting.put(pattern, policy);
  }

  private void takeOver() {
    boolean nothingNew = !read || waiting.isEmpty();
    read = false;
    if (nothingNew || adopt(waiting).isEmpty()) {
      return;
    }
    for (var each : List.copyOf(waiting.entrySet())) {
      adopt(Map.of(each.getKey(), each.getValue()))
          .ifPresent(why -> untold.add(new Refusal(each.getKey(), why)));
    }
  }

  /** What is wrong with these changes; if nothing is, they hold. */
  private Optional<String> adopt(Map<String, Optional<WrittenPolicy>> changes) {
    Map<String, WrittenPolicy> candidate = new LinkedHashMap<>(holding);
    changes.forEach((pattern, policy) -> put(candidate, pattern, policy));
    if (candidate.size() > MOST) {
      return Optional.of(candidate.size() + " patterns (expected: at most " + MOST + ")");
    }
    try {
      book = PolicyBook.of(allOf(candidate.values()));
    } catch (PolicyException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    holding.clear();
    holding.putAll(candidate);
    List.copyOf(changes.keySet()).forEach(waiting::remove);
    return Optional.empty();
  }

  private static void put(
      Map<String, WrittenPolicy> policies, String pattern, Optional<WrittenPolicy> policy) {
    policies.remove(pattern);
    policy.ifPresent(written -> policies.put(pattern, written));
  }

  private List<WrittenPolicy> allOf(Collection<WrittenPolicy> topic) {
    List<WrittenPolicy> all = new ArrayList<>(topic);
    all.addAll(file);
    return all;
  }
}
