package dev.switchgear.breaker.quota;

import dev.switchgear.breaker.policy.Quota;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who may take how much of a limit, from one moment on. All amounts are thousandths of a call in
 * each while of the quota: a large fleet has shares of less than one call.
 *
 * @param epoch grows with each handout of the limit
 * @param quota the limit that is shared
 * @param lease how long a share may be used without a sign of life from whoever hands out, and how
 *     long one is kept for an instance that says nothing
 * @param atMillis when it was decided
 * @param parts what each instance may take, by name
 * @param start what an instance that is not named may take at once, by tier. It is set aside for
 *     one of them: those that come after it within the same second go beyond the limit until they
 *     are named, and those for which there is no room for good
 */
public record Handout(
    long epoch,
    Quota quota,
    Duration lease,
    long atMillis,
    Map<String, Part> parts,
    Map<String, Long> start) {

  public Handout {
    parts = Collections.unmodifiableMap(new TreeMap<>(parts));
    start = Collections.unmodifiableMap(new TreeMap<>(start));
  }

  /**
   * One instance's.
   *
   * @param shares what it may take, by tier; of each tier of the quota and of {@link Quota#OTHERS}
   * @param wanted what it wanted when that was decided, likewise
   */
  public record Part(Map<String, Long> shares, Map<String, Long> wanted) {
    public Part {
      shares = Collections.unmodifiableMap(new TreeMap<>(shares));
      wanted = Collections.unmodifiableMap(new TreeMap<>(wanted));
    }
  }
}
