package dev.switchgear.breaker.policy;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How many calls the whole fleet may make in a while, whichever instance makes them.
 *
 * @param calls at most so many {@code per} while; 0 where the fleet has no limit, at most 1e9
 * @param per 100 ms..1 day
 * @param guaranteed of the calls, so many are kept for each tier that asks for them; together no
 *     more than {@code calls}. At most {@value #MOST_TIERS} tiers; whatever is of no tier named
 *     here has what the others leave
 */
public record Quota(long calls, Duration per, Map<String, Long> guaranteed) {

  /** Whatever is of no tier that the policy names. */
  public static final String OTHERS = "*";

  /** Each is a column of every share that is published. */
  public static final int MOST_TIERS = 16;

  private static final long MOST_CALLS = 1_000_000_000;
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Pattern TIER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /** What holds where nobody said anything: no limit. Below the constants that check it. */
  public static final Quota NONE = new Quota(0, Duration.ofSeconds(1), Map.of());

  public Quota {
    if (calls < 0 || calls > MOST_CALLS) {
      throw bad("calls", calls, "0.." + MOST_CALLS);
    }
    if (per.compareTo(SHORTEST) < 0 || per.compareTo(LONGEST) > 0) {
      throw bad("per", per, SHORTEST + ".." + LONGEST);
    }
    guaranteed = Collections.unmodifiableMap(new TreeMap<>(guaranteed));
    check(guaranteed, calls);
  }

  /** Whether there is a limit. */
  public boolean limits() {
    return calls > 0;
  }

  private static void check(Map<String, Long> guaranteed, long calls) {
    boolean named = guaranteed.keySet().stream().allMatch(tier -> TIER.matcher(tier).matches());
    if (!named || guaranteed.size() > MOST_TIERS) {
      throw bad(
          "guaranteed",
          text(guaranteed),
          "at most "
              + MOST_TIERS
              + " tiers, each of 1..63 letters, digits, '.', '_' and '-', first a letter or digit");
    }
    boolean counted = guaranteed.values().stream().allMatch(m -> m >= 0 && m <= MOST_CALLS);
    long sum = counted ? guaranteed.values().stream().mapToLong(Long::longValue).sum() : -1;
    if (!counted || (calls > 0 && sum > calls)) {
      throw bad(
          "guaranteed", text(guaranteed), "each at least 0, together at most calls, " + calls);
    }
  }

  /** As it is written in YAML. */
  private static String text(Map<String, Long> guaranteed) {
    return guaranteed.toString().replace("=", ": ");
  }

  private static IllegalArgumentException bad(String name, Object value, String expected) {
    return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
  }
}
