package dev.switchgear.breaker.series;

import dev.switchgear.breaker.Symptom;

/** A symptom in sampled measurements begins or is over. */
public sealed interface SeriesEvent {

  /** When it became known, epoch milliseconds. */
  long atMillis();

  /** What is felt. */
  Symptom.Kind kind();

  /**
   * A symptom is proven.
   *
   * @param sinceMillis since when it has been felt, as far as can be told afterwards
   * @param measure what gave it away
   * @param value of the measure, as it was when that was proven
   * @param usual of the measure
   * @param strength natural logarithm of the evidence
   * @param strengthWanted how strong it had to be
   * @param risePerSecond how fast a level rises; 0 for what is no level
   * @param secondsToFull when a level is full if it goes on like this; infinite where it is not
   */
  record Began(
      long atMillis,
      Symptom.Kind kind,
      long sinceMillis,
      Measure measure,
      double value,
      double usual,
      double strength,
      double strengthWanted,
      double risePerSecond,
      double secondsToFull)
      implements SeriesEvent {}

  /**
   * It is over.
   *
   * @param untilMillis the last moment at which it was felt
   * @param newNormal nothing has become better: it has lasted so long that this is how it is now
   */
  record Ended(long atMillis, Symptom.Kind kind, long untilMillis, boolean newNormal)
      implements SeriesEvent {}
}
