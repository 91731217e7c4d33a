package dev.switchgear.breaker.series;

import java.util.Arrays;

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
