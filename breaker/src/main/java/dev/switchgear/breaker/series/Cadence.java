package dev.switchgear.breaker.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How far apart the samples of a measure are: the median of the last nine distances. */
final class Cadence {

  private static final int REMEMBERED = 9;

  private final long[] distances = new long[REMEMBERED];
  private int seen;
  private long lastMillis = Long.MIN_VALUE;
  private long intervalMillis;

  /** Takes the moment of a sample; returns the time since the last one, 0 if that was not older. */
  long take(long atMillis) {
    if (lastMillis == Long.MIN_VALUE) {
      lastMillis = atMillis;
      return 0;
    }
    long since = Math.max(0, atMillis - lastMillis);
    if (since > 0) {
      lastMillis = atMillis;
      distances[seen++ % REMEMBERED] = since;
      intervalMillis = median();
    }
    return since;
  }

  /** The last distances, the oldest first. */
  List<Long> distances() {
    List<Long> ordered = new ArrayList<>();
    for (int i = Math.max(0, seen - REMEMBERED); i < seen; i++) {
      ordered.add(distances[i % REMEMBERED]);
    }
    return ordered;
  }

  long lastMillis() {
    return lastMillis;
  }

  void restore(List<Long> ordered, long last) {
    for (long each : ordered) {
      distances[seen++ % REMEMBERED] = each;
    }
    lastMillis = last;
    intervalMillis = seen == 0 ? 0 : median();
  }

  /** Zero until two samples have been seen. */
  long intervalMillis() {
    return intervalMillis;
  }

  private long median() {
    int known = Math.min(seen, REMEMBERED);
    long[] sorted = Arrays.copyOf(distances, known);
    Arrays.sort(sorted);
    return sorted[known / 2];
  }
}
