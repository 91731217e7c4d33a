package dev.switchgear.detector.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is another for one pattern.
 *
 * @param before the keys that were written, with their values; empty for a new pattern
 * @param after the keys that are written now; empty for a pattern that is gone
 * @param now who writes it now; empty for a pattern that is gone
 */
public record PolicyChange(
    Kind kind,
    String pattern,
    Map<String, String> before,
    Map<String, String> after,
    Optional<WrittenPolicy> now) {

  /** What became of the pattern. */
  public enum Kind {
    ADDED,
    CHANGED,
    REMOVED
  }

  /** One key; a value is null where the key is not written. */
  public record Key(String name, @Nullable String before, @Nullable String after) {}

  /** Every key that is written otherwise, in the usual order. */
  public List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    for (String name : PolicyKeys.ALL.keySet()) {
      if (!Objects.equals(before.get(name), after.get(name))) {
        keys.add(new Key(name, before.get(name), after.get(name)));
      }
    }
    return keys;
  }

  /**
   * Every pattern that is written otherwise, by name. An empty {@code *} says nothing, and counts
   * as not written.
   */
  public static List<PolicyChange> between(PolicyBook before, PolicyBook after) {
    Map<String, WrittenPolicy> old = byPattern(before);
    Map<String, WrittenPolicy> now = byPattern(after);
    Set<String> patterns = new TreeSet<>(old.keySet());
    patterns.addAll(now.keySet());
    List<PolicyChange> changes = new ArrayList<>();
    for (String pattern : patterns) {
      Map<String, String> was = before.saidFor(pattern);
      Map<String, String> is = after.saidFor(pattern);
      boolean existed = old.containsKey(pattern);
      boolean exists = now.containsKey(pattern);
      if (existed != exists || !was.equals(is) || isRaised(old.get(pattern), now.get(pattern))) {
        Kind kind = !existed ? Kind.ADDED : exists ? Kind.CHANGED : Kind.REMOVED;
        Optional<WrittenPolicy> writer = Optional.ofNullable(now.get(pattern));
        changes.add(new PolicyChange(kind, pattern, was, is, writer));
      }
    }
    return changes;
  }

  /** A version that somebody wrote himself, higher than the one that holds. */
  private static boolean isRaised(@Nullable WrittenPolicy old, @Nullable WrittenPolicy now) {
    return old != null
        && now != null
        && now.version().isPresent()
        && now.version().getAsLong() > old.version().orElse(0);
  }

  private static Map<String, WrittenPolicy> byPattern(PolicyBook book) {
    Map<String, WrittenPolicy> patterns = new LinkedHashMap<>();
    for (WrittenPolicy each : book.written()) {
      boolean empty =
          each.breakers().equals(BreakerPattern.ALL) && book.saidFor(each.pattern()).isEmpty();
      if (!empty) {
        patterns.putIfAbsent(each.pattern(), each);
      }
    }
    return patterns;
  }
}
