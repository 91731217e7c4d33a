package dev.switchgear.breaker.evidence;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Calls of the last half to whole minute by part: by which region or which service made them. Where
 * a part calls seldom this is what tells that it is well. At most {@value #MOST} parts of each half
 * minute are told apart. Not thread-safe.
 */
final class Parts {

  static final int MOST = 128;

  private static final long HALF_MILLIS = 30_000;

  private Map<Part, Counts> newer = Map.of();
  private Map<Part, Counts> older = Map.of();
  private long half = Long.MIN_VALUE;

  private record Part(Dimension dimension, String value) {}

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

  void add(Dimension dimension, Caller caller, Counts counts, long nowMillis) {
    turn(nowMillis);
    String value = dimension.value(caller);
    if (value != null) {
      Part part = new Part(dimension, value);
      if (newer.size() < MOST || newer.containsKey(part)) {
        newer.merge(part, counts, Counts::plus);
      }
    }
  }

  Counts of(Dimension dimension, String value, long nowMillis) {
    turn(nowMillis);
    Part part = new Part(dimension, value);
    return older.getOrDefault(part, Counts.NONE).plus(newer.getOrDefault(part, Counts.NONE));
  }

  /** Adds the parts that have called. */
  void collect(Dimension dimension, Set<String> values) {
    for (Map<Part, Counts> each : List.of(newer, older)) {
      each.keySet().stream()
          .filter(part -> part.dimension() == dimension)
          .forEach(part -> values.add(part.value()));
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
      newer = new HashMap<>();
      half = index;
    }
  }
}
