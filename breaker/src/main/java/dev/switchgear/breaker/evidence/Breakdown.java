package dev.switchgear.breaker.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls of one stretch of evidence by who made them, and who stands out.
 *
 * <p>Each value of each {@link Dimension} is compared with all other calls by {@link FisherTest}.
 * Many are compared, so chance has as many tries; the odds are divided by their number (Bonferroni;
 * O. J. Dunn, "Multiple comparisons among means", Journal of the American Statistical Association
 * 56, 1961). Of those that stand out the ones without whom all is well come first, and of these the
 * narrowest: the one with the fewest calls.
 *
 * <p>Bounded: {@value #MOST} values of a dimension are told apart, those with bad calls before the
 * others; the rest count under {@value NameCounts#OTHERS}. Costs nothing where there is no
 * evidence. Not thread-safe.
 */
public final class Breakdown {

  static final int MOST = 32;

  /** One wrong suspect in a thousand symptoms. */
  static final double STANDS_OUT = Math.log(1_000);

  /** Who stands out less than the first four is of no help. */
  static final int SUSPECTS = 4;

  private static final Dimension[] DIMENSIONS = Dimension.values();

  private @Nullable Map<Dimension, Map<String, Count>> counts;
  private long calls;
  private long bad;

  /** Calls, and how many of them were bad. */
  private static final class Count {
    private long calls;
    private long bad;

    Count() {}

    Count(long calls, long bad) {
      add(calls, bad);
    }

    final void add(long more, long moreBad) {
      calls += more;
      bad += moreBad;
    }
  }

  /** Takes calls of one caller. */
  public void add(Caller caller, long more, long moreBad) {
    Map<Dimension, Map<String, Count>> known = counts;
    if (known == null) {
      known = new EnumMap<>(Dimension.class);
      counts = known;
    }
    calls += more;
    bad += moreBad;
    for (Dimension dimension : DIMENSIONS) {
      String value = dimension.value(caller);
      if (value != null) {
        count(known.computeIfAbsent(dimension, unseen -> new HashMap<>()), value, moreBad)
            .add(more, moreBad);
      }
    }
  }

  /** Forgets everything. */
  public void clear() {
    counts = null;
    calls = 0;
    bad = 0;
  }

  /** The same counts, which go their own way. */
  Breakdown copy() {
    Breakdown copy = new Breakdown();
    copy.calls = calls;
    copy.bad = bad;
    if (counts != null) {
      Map<Dimension, Map<String, Count>> copies = new EnumMap<>(Dimension.class);
      counts.forEach((dimension, each) -> copies.put(dimension, copied(each)));
      copy.counts = copies;
    }
    return copy;
  }

  /** Whether calls of this caller may be among those counted. */
  boolean knows(Caller caller) {
    Map<String, Count> instances = values().getOrDefault(Dimension.INSTANCE, Map.of());
    return instances.containsKey(Dimension.INSTANCE.value(caller))
        || instances.containsKey(NameCounts.OTHERS);
  }

  /** Calls of that one. */
  long callsOf(Dimension dimension, String value) {
    return of(dimension, value).calls;
  }

  /** Bad calls of that one. */
  long badOf(Dimension dimension, String value) {
    return of(dimension, value).bad;
  }

  /** Calls of everybody but that one. */
  long callsWithout(Dimension dimension, String value) {
    return calls - of(dimension, value).calls;
  }

  /** Bad calls of everybody but that one. */
  long badWithout(Dimension dimension, String value) {
    return bad - of(dimension, value).bad;
  }

  /**
   * Who stands out, the likeliest culprit first; empty where nobody does.
   *
   * @param acceptedShare share of bad calls that is none
   * @param sinceMillis when the evidence began
   */
  List<Suspect> suspects(double acceptedShare, Versions versions, long sinceMillis) {
    double logTried = Math.log((double) Math.max(1, tried()));
    List<Suspect> found = new ArrayList<>();
    for (Map.Entry<Dimension, Map<String, Count>> each : values().entrySet()) {
      for (Map.Entry<String, Count> value : each.getValue().entrySet()) {
        boolean version = each.getKey() == Dimension.VERSION;
        long firstSeen = version ? versions.newFrom(value.getKey(), sinceMillis) : 0;
        found.add(suspect(each.getKey(), value.getKey(), value.getValue(), firstSeen, logTried));
      }
    }
    found.removeIf(each -> !standsOut(each));
    found.sort(likeliestFirst(acceptedShare));
    return List.copyOf(found.subList(0, Math.min(SUSPECTS, found.size())));
  }

  private Suspect suspect(
      Dimension dimension, String value, Count count, long firstSeenMillis, double logTried) {
    long others = calls - count.calls;
    long othersBad = bad - count.bad;
    double logChance = FisherTest.logChance(count.calls, count.bad, others, othersBad);
    return new Suspect(
        dimension,
        value,
        count.calls,
        count.bad,
        others,
        othersBad,
        firstSeenMillis,
        Math.max(0, -logChance - logTried));
  }

  /**
   * A new version that everybody runs has nobody to be compared with, and yet is what has changed.
   */
  private static boolean standsOut(Suspect suspect) {
    boolean newForAll = suspect.firstSeenMillis() > 0 && suspect.otherCalls() == 0;
    boolean told = !suspect.value().equals(NameCounts.OTHERS);
    return told && suspect.bad() > 0 && (suspect.strength() >= STANDS_OUT || newForAll);
  }

  private static Comparator<Suspect> likeliestFirst(double acceptedShare) {
    return Comparator.comparing((Suspect suspect) -> !suspect.explains(acceptedShare))
        .thenComparing(suspect -> suspect.explains(acceptedShare) ? 0 : -suspect.strength())
        .thenComparing(Suspect::calls)
        .thenComparing(Suspect::dimension)
        .thenComparing(Suspect::value);
  }

  /** How many could have stood out: where all are one, nobody could. */
  private long tried() {
    return values().values().stream().mapToLong(Map::size).filter(size -> size > 1).sum();
  }

  private Map<Dimension, Map<String, Count>> values() {
    return counts == null ? Map.of() : counts;
  }

  private static Map<String, Count> copied(Map<String, Count> counts) {
    Map<String, Count> copy = new HashMap<>();
    counts.forEach((value, each) -> copy.put(value, new Count(each.calls, each.bad)));
    return copy;
  }

  private Count of(Dimension dimension, String value) {
    Count known = values().getOrDefault(dimension, Map.of()).get(value);
    return known == null ? new Count() : known;
  }

  /** Where all places are taken, one who has bad calls takes that of one who has none. */
  private static Count count(Map<String, Count> known, String value, long bad) {
    Count count = known.get(value);
    if (count != null) {
      return count;
    }
    if (known.size() >= MOST && !(bad > 0 && makeRoom(known))) {
      return known.computeIfAbsent(NameCounts.OTHERS, unseen -> new Count());
    }
    Count made = new Count();
    known.put(value, made);
    return made;
  }

  private static boolean makeRoom(Map<String, Count> known) {
    for (Map.Entry<String, Count> each : known.entrySet()) {
      if (each.getValue().bad == 0 && !each.getKey().equals(NameCounts.OTHERS)) {
        known.remove(each.getKey());
        known
            .computeIfAbsent(NameCounts.OTHERS, unseen -> new Count())
            .add(each.getValue().calls, 0);
        return known.size() <= MOST;
      }
    }
    return false;
  }
}
