package dev.switchgear.detector;

import dev.switchgear.breaker.Breaker;
import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.schemas.Lane;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Knows which instances' calls are seen first-hand: by a guard, or in spans. Their metrics tell of
 * the same calls once more, later and less exactly, and do not count. One thread uses it.
 */
final class FirstHand {

  /** An instance whose guard and spans say nothing for so long has only its metrics. */
  private static final long GONE_MILLIS = Duration.ofMinutes(5).toMillis();

  /** As many as a partition can have of both; the one asked for longest ago is forgotten first. */
  private static final int MOST = 10_000;

  private final Map<String, Heard> heard =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Heard> eldest) {
          return size() > MOST;
        }
      };

  /** The numbers that guard and spans had reached, and when they did. */
  private record Heard(long numbers, long atMillis) {}

  /** Whether what the metrics say of the breaker's calls is known already. */
  boolean knows(Breaker breaker, CallSample metrics, long nowMillis) {
    String instance = metrics.service() + '\0' + metrics.instance();
    long numbers = breaker.numbersOf(sender -> isFirstHand(sender, instance));
    if (numbers == 0) {
      return false;
    }
    String key = breaker.id() + '\0' + instance;
    Heard before = heard.get(key);
    if (before == null || before.numbers() != numbers) {
      heard.put(key, new Heard(numbers, nowMillis));
      return true;
    }
    return nowMillis - before.atMillis() < GONE_MILLIS;
  }

  private static boolean isFirstHand(String sender, String instance) {
    if (!sender.startsWith(instance)) {
      return false;
    }
    String rest = sender.substring(instance.length());
    boolean spans = rest.startsWith(SpanSum.LANE) && rest.endsWith("\0" + Lane.SPAN);
    return spans || rest.equals("\0" + Lane.GUARD);
  }
}
