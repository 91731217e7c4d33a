package dev.switchgear.breaker.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What each caller said last, and whether it is one of them that is ill rather than the dependency:
 * if a symptom rests on one instance or one service, and the calls that the others made meanwhile
 * are well, it is that caller's.
 *
 * <p>The first to report an outage is alone with it for a moment. So where others are known to
 * call, their next word is waited for, but not for longer than they usually take until a call of
 * theirs is heard of: half a second for guards, seconds for spans that are exported in batches;
 * callers whose calls all hang have nothing to report. At most {@value #MOST} callers are
 * remembered, those heard last. Not thread-safe.
 */
public final class Callers {

  static final int MOST = 64;

  /** Whoever has been silent for longer than this and a batch takes is not waited for. */
  private static final long FRESH_MILLIS = 2_000;

  /** Guards report every quarter of a second; this is two reports, and their way. */
  private static final long WAIT_MILLIS = 600;

  /** How much later than usual a word may come. */
  private static final long LATE_MILLIS = 300;

  /** Spans wait for five seconds in the exporters of most programs; a clock may be far off. */
  private static final long OLDEST_MILLIS = 10_000;

  /** So many calls of others have some weight. */
  private static final long ENOUGH_CALLS = 3;

  /** So many parts that hardly ever call are no chance. */
  private static final int ENOUGH_PARTS = 3;

  /** Most breakers have a few callers, and there are many breakers. */
  private static final int FEW = 2;

  private final Map<Caller, Word> words = new LinkedHashMap<>(FEW, 0.75f, true);
  private final Versions versions = new Versions();
  private final Parts parts = new Parts();

  /** What one caller said last. */
  private static final class Word {
    private final Caller caller;

    /** Made of two names: it is asked for often. */
    private final @Nullable String instance;

    private long heardMillis;
    private long fromMillis;

    /** How old the calls are that it tells of, at most; of the last batch rather than its end. */
    private long ageMillis;

    private Parts.Counts counts = Parts.Counts.NONE;

    Word(Caller caller) {
      this.caller = caller;
      this.instance = Dimension.INSTANCE.value(caller);
    }

    @Nullable String value(Dimension dimension) {
      return dimension == Dimension.INSTANCE ? instance : dimension.value(caller);
    }

    /** What comes later in a batch is younger; the next batch begins as old as the last one. */
    void heard(CallSample sample, Parts.Counts told, long nowMillis) {
      long age = Math.max(0, Math.min(OLDEST_MILLIS, nowMillis - sample.fromMillis()));
      ageMillis = Math.max(age, ageMillis - Math.abs(nowMillis - heardMillis) / 4);
      heardMillis = nowMillis;
      fromMillis = sample.fromMillis();
      counts = told;
    }

    /** Those that can be bad in that way: of the slow ones it is known by timing them. */
    long calls(boolean slowness) {
      return counts.calls(slowness);
    }

    long bad(boolean slowness) {
      return counts.bad(slowness);
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

  /** Of some parts: of these regions, or of these services, which are the lesser number. */
  public record SomeParts(Set<String> names) implements Blame {}

  /**
   * Takes what a caller says; {@code failed} of its calls were so.
   *
   * @param timed those of its calls that count when slowness is judged
   * @param apart by what it will be asked which parts suffer
   */
  public void heard(
      CallSample sample,
      long failed,
      TimedCalls.Counts timed,
      Set<Dimension> apart,
      long nowMillis) {
    Caller caller = sample.caller();
    var counts = new Parts.Counts(sample.calls(), failed, timed.calls(), timed.slow());
    Word word = words.get(caller);
    if (word == null) {
      word = new Word(caller);
      words.put(caller, word);
      versions.heard(caller, nowMillis);
    }
    word.heard(sample, counts, nowMillis);
    for (Dimension dimension : apart) {
      String part = word.value(dimension);
      if (part != null) {
        parts.add(dimension, part, counts, nowMillis);
      }
    }
    if (words.size() > MOST) {
      words.remove(words.keySet().iterator().next());
    }
  }

  /** The caller's part is no longer asked for. */
  public void leaves(Dimension dimension, Caller caller) {
    String part = dimension.value(caller);
    if (part != null) {
      parts.remove(dimension, part);
    }
  }

  /**
   * Says whose symptom it is.
   *
   * @param slowness whether slow calls are the symptom, not failed ones
   * @param acceptedShare share of bad calls that is none
   * @param sinceMillis when the evidence began
   * @param since whose calls it is made of
   */
  public Blame blame(
      boolean slowness, double acceptedShare, long sinceMillis, Breakdown since, long nowMillis) {
    Question question = new Question(slowness, acceptedShare, sinceMillis, since, nowMillis);
    Blame instance = blame(Dimension.INSTANCE, question);
    return instance instanceof Dependency ? blame(Dimension.SERVICE, question) : instance;
  }

  /**
   * Says which parts suffer: all, as far as is known, if more than half of those that call do.
   *
   * @param proven a part whose own calls prove it; empty where the question is about all calls
   */
  public Blame blameParts(
      Dimension dimension,
      String proven,
      boolean slowness,
      double acceptedShare,
      long sinceMillis,
      Breakdown since,
      long nowMillis) {
    Question question = new Question(slowness, acceptedShare, sinceMillis, since, nowMillis);
    Votes votes = votes(dimension, proven, question);
    int sick = votes.sick.size();
    if (2 * sick > sick + votes.well + votes.pending || sick == 0) {
      return new Dependency();
    }
    if (votes.pending > 0 && question.mayWait(age(dimension, votes.sick, question))) {
      return new Unknown();
    }
    return 2 * sick > sick + votes.well ? new Dependency() : new SomeParts(votes.sick);
  }

  /** How the parts are, as far as is known. */
  private static final class Votes {
    private final Set<String> sick = new TreeSet<>();
    private int well;

    /** They call, and their next word will tell. */
    private int pending;
  }

  /** What a part said lately, and of that since the evidence began. */
  private static final class Lately {
    private static final Lately NOTHING = new Lately();
    private long known;
    private long calls;
    private long bad;
  }

  /**
   * The last word of a part tells, and all it said since the evidence began: the one is of now, the
   * other of more calls. One that calls often and has said nothing since may be about to. One that
   * hardly ever calls is as it has been, unless those of its kind of which something is heard are
   * mostly ill: then what was does not tell what is.
   */
  private Votes votes(Dimension dimension, String proven, Question question) {
    Map<String, Lately> lately = lately(dimension, question);
    Votes votes = new Votes();
    List<String> seldom = new ArrayList<>();
    int seldomIll = 0;
    int seldomWell = 0;
    for (String part : partsOf(dimension, proven)) {
      Lately last = lately.getOrDefault(part, Lately.NOTHING);
      long calls = question.since().callsOf(dimension, part);
      long bad = question.since().badOf(dimension, part);
      boolean ill = question.isIll(last.calls, last.bad) || question.isIll(calls, bad);
      if (ill || part.equals(proven)) {
        votes.sick.add(part);
      } else if (last.calls >= ENOUGH_CALLS || calls >= ENOUGH_CALLS) {
        votes.well++;
      } else if (last.known >= ENOUGH_CALLS) {
        votes.pending++;
      } else {
        seldom.add(part);
        boolean leansIll = !question.isWell(last.calls, last.bad) || !question.isWell(calls, bad);
        seldomIll += leansIll ? 1 : 0;
        seldomWell += !leansIll && last.calls + calls > 0 ? 1 : 0;
      }
    }
    if (seldomIll < ENOUGH_PARTS || seldomIll <= seldomWell) {
      seldom.forEach(part -> asItWas(dimension, part, question, votes));
    }
    return votes;
  }

  private void asItWas(Dimension dimension, String part, Question question, Votes votes) {
    Parts.Counts recent = parts.of(dimension, part, question.nowMillis());
    long calls = recent.calls(question.slowness());
    if (question.isIll(calls, recent.bad(question.slowness()))) {
      votes.sick.add(part);
    } else if (calls >= ENOUGH_CALLS) {
      votes.well++;
    }
  }

  private Map<String, Lately> lately(Dimension dimension, Question question) {
    Map<String, Lately> lately = new HashMap<>();
    for (Word word : words.values()) {
      String part = word.value(dimension);
      if (part != null && question.isFresh(word)) {
        Lately last = lately.computeIfAbsent(part, unseen -> new Lately());
        long calls = word.calls(question.slowness());
        last.known += calls;
        if (question.isSince(word)) {
          last.calls += calls;
          last.bad += word.bad(question.slowness());
        }
      }
    }
    return lately;
  }

  /** How old calls are, at most, when those others tell of them. */
  private long age(Dimension dimension, Set<String> but, Question question) {
    long age = 0;
    for (Word word : words.values()) {
      if (question.isFresh(word) && !but.contains(String.valueOf(word.value(dimension)))) {
        age = Math.max(age, word.ageMillis);
      }
    }
    return age;
  }

  private Set<String> partsOf(Dimension dimension, String proven) {
    Set<String> all = new TreeSet<>();
    parts.collect(dimension, all);
    if (!proven.isEmpty()) {
      all.add(proven);
    }
    return all;
  }

  /**
   * Who stands out, the likeliest culprit first. Besides the calls that the evidence is made of,
   * those count that others have told of since it began, but before it was any.
   */
  public List<Suspect> suspects(
      boolean slowness, double acceptedShare, long sinceMillis, Breakdown since) {
    Breakdown all = since.copy();
    for (Word word : words.values()) {
      if (word.fromMillis >= sinceMillis && !since.knows(word.caller)) {
        all.add(word.caller, word.calls(slowness), word.bad(slowness));
      }
    }
    return all.suspects(acceptedShare, versions, sinceMillis);
  }

  /** When which version was seen first. */
  public Versions versions() {
    return versions;
  }

  /** A symptom of which it is asked whose it is. */
  private record Question(
      boolean slowness, double acceptedShare, long sinceMillis, Breakdown since, long nowMillis) {

    boolean isFresh(Word word) {
      return Math.abs(nowMillis - word.heardMillis) <= FRESH_MILLIS + word.ageMillis;
    }

    boolean isSince(Word word) {
      return word.fromMillis >= sinceMillis;
    }

    boolean mayWait(long ageMillis) {
      return nowMillis - sinceMillis < Math.max(WAIT_MILLIS, ageMillis + LATE_MILLIS);
    }

    /** More than two standard deviations above what is accepted; a bad call may be chance. */
    boolean isIll(long calls, long bad) {
      double expected = acceptedShare * calls;
      return calls >= ENOUGH_CALLS
          && bad > expected + 2 * Math.sqrt(expected * (1 - acceptedShare));
    }

    boolean isWell(long calls, long bad) {
      return bad <= acceptedShare * calls;
    }
  }

  /**
   * What the others said last is asked first: after a long stretch of evidence it is what is true
   * now. Where they call too seldom for that, all that they said meanwhile counts.
   */
  private Blame blame(Dimension dimension, Question question) {
    String worst = worst(dimension, question);
    if (worst.isEmpty()) {
      return new Dependency();
    }
    long known = 0;
    long calls = 0;
    long bad = 0;
    for (Word word : words.values()) {
      if (question.isFresh(word) && !worst.equals(word.value(dimension))) {
        boolean since = question.isSince(word);
        known += word.calls(question.slowness());
        calls += since ? word.calls(question.slowness()) : 0;
        bad += since ? word.bad(question.slowness()) : 0;
      }
    }
    long callsInAll = question.since().callsWithout(dimension, worst);
    if (calls < ENOUGH_CALLS && callsInAll >= ENOUGH_CALLS) {
      calls = callsInAll;
      bad = question.since().badWithout(dimension, worst);
    } else if (known < ENOUGH_CALLS) {
      return new Dependency();
    }
    if (calls < ENOUGH_CALLS) {
      long age = age(dimension, Set.of(worst), question);
      return question.mayWait(age) ? new Unknown() : new Dependency();
    }
    return question.isWell(calls, bad) ? new OneCaller(worst) : new Dependency();
  }

  /** Whoever has most bad calls since then; empty where nobody has said anything since. */
  private String worst(Dimension dimension, Question question) {
    Map<String, Long> bad = new HashMap<>();
    for (Word word : words.values()) {
      String value = word.value(dimension);
      if (value != null && question.isSince(word)) {
        bad.merge(value, word.bad(question.slowness()), Long::sum);
      }
    }
    return bad.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse("");
  }

  /** Forgets what was said: it was said of another epoch. */
  public void clear() {
    words.clear();
    parts.clear();
  }
}
