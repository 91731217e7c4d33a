package dev.switchgear.detector.policy;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.BreakerPolicy.BackOff;
import dev.switchgear.breaker.policy.BreakerPolicy.Timeout;
import dev.switchgear.schemas.Policy;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Policies as they are on {@code switchgear.policies}: one record for each pattern, whose document
 * is what stands below the pattern in a file, without the version.
 */
public final class PolicyRecords {

  /** All keys, and a hundred long error types in each of the two lists, are half of this. */
  private static final int LONGEST_DOCUMENT = 1 << 16;

  /** What leaves each value its widest range: whether it fits what it inherits shows in a book. */
  private static final BreakerPolicy WIDEST = widest(BreakerPolicy.DEFAULT);

  private static final int LONGEST_WHO = 255;
  private static final int LONGEST_WHY = 1_000;

  private PolicyRecords() {}

  /**
   * What a record says.
   *
   * @param key the record's key
   * @throws PolicyException if anything in it is not as it should be
   */
  public static WrittenPolicy read(@Nullable String key, Policy record) {
    BreakerPattern pattern = new BreakerPattern(record.getPattern());
    String file = label(pattern.isUsable() ? pattern.text() : "?");
    require(file, pattern.isUsable(), "pattern", BreakerPattern.EXPECTED);
    require(file, pattern.text().equals(key), "pattern", "the key of the record, " + key);
    long version = record.getVersion();
    require(
        file,
        version >= WrittenPolicy.FIRST_VERSION && version <= PolicyFile.HIGHEST_VERSION,
        "version: " + version,
        WrittenPolicy.FIRST_VERSION + ".." + PolicyFile.HIGHEST_VERSION);
    int who = record.getWho().length();
    require(file, !record.getWho().isBlank() && who <= LONGEST_WHO, "who", "1..255 characters");
    int why = record.getWhy().length();
    require(file, why <= LONGEST_WHY, "why: " + why + " characters", "0.." + LONGEST_WHY);
    require(file, record.getAtMillis() >= 0, "atMillis: " + record.getAtMillis(), "at least 0");
    return new WrittenPolicy(
        pattern,
        WrittenPolicy.Layer.TOPIC,
        file,
        "",
        document(file, record.getDocument()),
        OptionalLong.of(version),
        record);
  }

  /** The document of a record that says this, as {@link PolicyBook#saidFor} has it. */
  public static String document(Map<String, String> said) {
    if (said.isEmpty()) {
      return "{}\n";
    }
    Map<String, StringBuilder> sections = new LinkedHashMap<>();
    said.forEach(
        (key, value) -> {
          int dot = key.indexOf('.');
          String section = dot < 0 ? "" : key.substring(0, dot);
          StringBuilder lines = sections.computeIfAbsent(section, PolicyRecords::heading);
          String indent = dot < 0 ? "" : "  ";
          lines.append(indent).append(key.substring(dot + 1)).append(": ").append(value);
          lines.append('\n');
        });
    return String.join("", sections.values());
  }

  private static BreakerPolicy widest(BreakerPolicy d) {
    BackOff backOff = new BackOff(Duration.ofMillis(100), 1, Duration.ofDays(1), 0);
    Timeout timeout = new Timeout(1, Duration.ofMillis(1), Duration.ofMinutes(10));
    return new BreakerPolicy(
        d.version(),
        d.enforced(),
        d.errors(),
        d.slowness(),
        d.falseTripsPerDay(),
        backOff,
        d.probes(),
        d.ramp(),
        d.windows(),
        timeout,
        d.staleAfter(),
        d.split(),
        d.watched(),
        d.quota());
  }

  private static StringBuilder heading(String section) {
    return new StringBuilder(section.isEmpty() ? "" : section + ":\n");
  }

  private static Node document(String file, String text) {
    require(
        file,
        text.length() <= LONGEST_DOCUMENT,
        "document: " + text.length() + " characters",
        "0.." + LONGEST_DOCUMENT);
    Node root =
        PolicyFile.compose(file, text)
            .orElseThrow(() -> new PolicyException(file, 1, "empty (expected: keys, or {})", null));
    Mistakes mistakes = Mistakes.ofOneAlone();
    Section section = new Section(mistakes, file, "", root);
    if (section.says("version")) {
      section.wrong("version", "expected: the record's version only");
    }
    PolicyFile.policy(section, WIDEST);
    mistakes.check();
    return root;
  }

  private static void require(String file, boolean holds, String what, String expected) {
    if (!holds) {
      throw new PolicyException(file, 1, what + " (expected: " + expected + ")", null);
    }
  }

  private static String label(String pattern) {
    return Topics.POLICIES.name() + "[" + pattern + "]";
  }
}
