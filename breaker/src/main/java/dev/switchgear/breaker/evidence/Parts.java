package dev.switchgear.breaker.evidence;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls of the last half to whole minute by part: by which region, service or instance made them.
 * Where a part calls seldom this is what tells that it is well. At most {@value #MOST} parts of a
 * dimension are told apart in each half minute. Not thread-safe.
 */
final class Parts {

  static final int MOST = 128;

  private static final long HALF_MILLIS = 30_000;

  private Map<Dimension, Map<String, Counts>> newer = Map.of();
  private Map<Dimension, Map<String, Counts>> older = Map.of();
  private long half = Long.MIN_VALUE;

  /** Calls and how many of them failed, timed ones and how many of them were slow. */
  record Counts(long calls, long failed, long timed, long slow) {

    static final Counts NONE = new Counts(0, 0, 0, 0);

    Counts plus(Counts more) {
      return new Counts(
          calls + more.calls, failed + more.failed, timed + more.timed, slow + more.slow);
    }

    long calls(boolean slowness) {
      return slowness ? timed : calls;
    }

    long bad(boolean slowness) {
      return slowness ? slow : failed;
    }
  }

  void add(Dimension dimension, String value, Counts counts, long nowMillis) {
    turn(nowMillis);
    Map<String, Counts> known = newer.computeIfAbsent(dimension, unseen -> new HashMap<>());
    if (known.size() < MOST || known.containsKey(value)) {
      known.merge(value, counts, Counts::plus);
    }
  }

  Counts of(Dimension dimension, String value, long nowMillis) {
    turn(nowMillis);
    return of(older, dimension, value).plus(of(newer, dimension, value));
  }

  private static Counts of(
      Map<Dimension, Map<String, Counts>> calls, Dimension dimension, String value) {
    return calls.getOrDefault(dimension, Map.of()).getOrDefault(value, Counts.NONE);
  }

  /** Adds the parts that have called. */
  void collect(Dimension dimension, Set<String> values) {
    for (Map<Dimension, Map<String, Counts>> each : List.of(newer, older)) {
      values.addAll(each.getOrDefault(dimension, Map.of()).keySet());
    }
  }

  /** Forgets a part. */
  void remove(Dimension dimension, String value) {
    for (Map<Dimension, Map<String, Counts>> each : List.of(newer, older)) {
      Map<String, Counts> known = each.get(dimension);
      if (known != null) {
        known.remove(value);
      }
    }
  }

  /** Forgets all calls. */
  void clear() {
    newer = Map.of();
    older = Map.of();
    half = Long.MIN_VALUE;
  }

  private void turn(long nowMillis) {
    long index = Math.floorDiv(nowMillis, HALF_MILLIS);
    if (index != half) {
      older = index == half + 1 ? newer : Map.of();
      newer = new EnumMap<>(Dimension.class);
      half = index;
    }
  }
}
