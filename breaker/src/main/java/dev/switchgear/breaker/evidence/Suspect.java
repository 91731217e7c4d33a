package dev.switchgear.breaker.evidence;

import java.util.Locale;

/**
 * One whose calls are bad more often than those of all others: a caller, a version, a place.
 *
 * @param dimension what it is one of
 * @param value which one
 * @param calls its calls since the evidence began
 * @param bad how many of them were bad
 * @param otherCalls calls of all others meanwhile
 * @param otherBad how many of them were bad
 * @param firstSeenMillis when a version was seen for the first time, if that was within minutes
 *     before the evidence began; else 0
 * @param strength natural logarithm of the odds against chance, the number of candidates allowed
 *     for; 0 where there are no others to compare with
 */
public record Suspect(
    Dimension dimension,
    String value,
    long calls,
    long bad,
    long otherCalls,
    long otherBad,
    long firstSeenMillis,
    double strength) {

  private static final long MINUTE_MILLIS = 60_000;

  /** Whether nothing is wrong without it. */
  boolean explains(double acceptedShare) {
    return otherBad <= acceptedShare * otherCalls;
  }

  /** A few words for people. */
  public String describe(long nowMillis) {
    String numbers =
        otherBad == 0
            ? "all " + dimension.place(value)
            : String.format(
                Locale.ROOT,
                "%d of %d %s, %d of %d elsewhere",
                bad,
                calls,
                dimension.place(value),
                otherBad,
                otherCalls);
    return firstSeenMillis == 0 ? numbers : numbers + ", first seen " + ago(nowMillis);
  }

  private String ago(long nowMillis) {
    long millis = Math.max(0, nowMillis - firstSeenMillis);
    return millis < MINUTE_MILLIS
        ? millis / 1_000 + " s ago"
        : Math.round((double) millis / MINUTE_MILLIS) + " min ago";
  }
}
