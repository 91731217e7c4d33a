package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.Symptom;
import org.jspecify.annotations.Nullable;

/**
 * A symptom, from when it was proven until it was over.
 *
 * @param fromMillis when it was proven: nobody could have been told earlier; epoch milliseconds
 * @param toMillis the last moment at which it was felt; null if it was when the record ends
 * @param evidence what proved it
 */
public record FeltSymptom(
    String dependency,
    Symptom.Kind kind,
    long fromMillis,
    @Nullable Long toMillis,
    Evidence evidence) {

  /**
   * What proved a symptom.
   *
   * @param sinceMillis since when it had been felt by then, as far as can be told afterwards
   * @param source the measure, or {@code calls}
   * @param value of the measure, or the share of bad calls
   * @param usual of the measure, or the accepted share
   * @param strength natural logarithm of the evidence
   * @param strengthWanted how strong it had to be
   * @param reason one line for people
   */
  public record Evidence(
      long sinceMillis,
      String source,
      double value,
      double usual,
      double strength,
      double strengthWanted,
      String reason) {}

  /** The same symptom, still felt at a later moment. */
  FeltSymptom until(@Nullable Long later) {
    return new FeltSymptom(dependency, kind, fromMillis, later, evidence);
  }

  /** Whether it was over before a moment. */
  boolean overBefore(long millis) {
    return toMillis != null && toMillis < millis;
  }
}
