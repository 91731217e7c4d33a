package dev.switchgear.breaker.evidence;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What each caller said last, and whether it is one of them that is ill rather than the dependency:
 * if a symptom rests on one instance or one service, and the calls that the others made meanwhile
 * are well, it is that caller's.
 *
 * <p>The first to report an outage is alone with it for a moment. So where others are known to
 * call, their next word is waited for, but not for longer than two reports take: callers whose
 * calls all hang have nothing to report. At most {@value #MOST} callers are remembered, those heard
 * last. Not thread-safe.
 */
public final class Callers {

  static final int MOST = 64;

  /** Whoever has been silent for longer is not waited for. */
  private static final long FRESH_MILLIS = 2_000;

  /** Guards report every quarter of a second; this is two reports, and their way. */
  private static final long WAIT_MILLIS = 600;

  /** So many calls of others have some weight. */
  private static final long ENOUGH_CALLS = 3;

  private final Map<String, Word> words = new LinkedHashMap<>(16, 0.75f, true);

  /** What one caller said last. */
  private record Word(
      String service,
      String instance,
      long heardMillis,
      long fromMillis,
      long calls,
      long failed,
      long slow) {

    String caller() {
      return service + " (" + instance + ")";
    }

    long bad(boolean slowness) {
      return slowness ? slow : failed;
    }
  }

  /** Whose symptom it is. */
  public sealed interface Blame {}

  /** The dependency's. */
  public record Dependency() implements Blame {}

  /** Nobody knows yet; the others' next word will tell. */
  public record Unknown() implements Blame {}

  /** One caller's: an instance, or all instances of a service. */
  public record OneCaller(String name) implements Blame {}

  /** Takes what a caller says; {@code failed} and {@code slow} of its calls were so. */
  public void heard(CallSample sample, long failed, long slow, long nowMillis) {
    words.put(
        sample.service() + '\0' + sample.instance(),
        new Word(
            sample.service(),
            sample.instance(),
            nowMillis,
            sample.fromMillis(),
            sample.calls(),
            failed,
            slow));
    if (words.size() > MOST) {
      words.remove(words.keySet().iterator().next());
    }
  }

  /**
   * Says whose symptom it is.
   *
   * @param slowness whether slow calls are the symptom, not failed ones
   * @param acceptedShare share of bad calls that is none
   * @param sinceMillis when the evidence began
   */
  public Blame blame(boolean slowness, double acceptedShare, long sinceMillis, long nowMillis) {
    Blame instance = blame(Word::caller, slowness, acceptedShare, sinceMillis, nowMillis);
    return instance instanceof Dependency
        ? blame(Word::service, slowness, acceptedShare, sinceMillis, nowMillis)
        : instance;
  }

  private Blame blame(
      Function<Word, String> group,
      boolean slowness,
      double acceptedShare,
      long sinceMillis,
      long nowMillis) {
    Optional<String> worst = worst(group, slowness, sinceMillis);
    long known = 0;
    long calls = 0;
    long bad = 0;
    for (Word word : words.values()) {
      boolean fresh = Math.abs(nowMillis - word.heardMillis()) <= FRESH_MILLIS;
      if (fresh && worst.isPresent() && !worst.get().equals(group.apply(word))) {
        boolean since = word.fromMillis() >= sinceMillis;
        known += word.calls();
        calls += since ? word.calls() : 0;
        bad += since ? word.bad(slowness) : 0;
      }
    }
    if (known < ENOUGH_CALLS) {
      return new Dependency();
    }
    if (calls < ENOUGH_CALLS) {
      return nowMillis - sinceMillis < WAIT_MILLIS ? new Unknown() : new Dependency();
    }
    return bad <= acceptedShare * calls ? new OneCaller(worst.orElse("")) : new Dependency();
  }

  /** Whoever has most bad calls since then. */
  private Optional<String> worst(Function<Word, String> group, boolean slowness, long sinceMillis) {
    Map<String, Long> bad = new HashMap<>();
    for (Word word : words.values()) {
      if (word.fromMillis() >= sinceMillis) {
        bad.merge(group.apply(word), word.bad(slowness), Long::sum);
      }
    }
    return bad.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
  }

  /** Forgets what was said: it was said of another epoch. */
  public void clear() {
    words.clear();
  }
}
