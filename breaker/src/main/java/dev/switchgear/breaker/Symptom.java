package dev.switchgear.breaker;

import java.util.Locale;

/**
 * Something users feel, with the numbers that prove it.
 *
 * @param kind what is felt
 * @param calls calls of the recent past it was seen in
 * @param bad how many of them failed or were slow
 * @param acceptedShare the share the policy accepts, 0..1
 * @param strength natural logarithm of the evidence
 * @param strengthWanted how strong it had to be
 * @param detail what the bad calls have in common, in a few words; may be empty
 */
public record Symptom(
    Kind kind,
    long calls,
    long bad,
    double acceptedShare,
    double strength,
    double strengthWanted,
    String detail) {

  /** What users feel. */
  public enum Kind {
    ERRORS("failed"),
    SLOWNESS("were slow"),
    /** Far fewer calls than usual. */
    THROUGHPUT_DROP("are missing"),
    /** Hardly any calls where there always are some. */
    SILENCE("are missing"),
    SATURATION("saturated"),
    QUEUE_GROWTH("wait");

    private final String verb;

    Kind(String verb) {
      this.verb = verb;
    }
  }

  /** One line for people. */
  public String describe() {
    String numbers =
        String.format(
            Locale.ROOT,
            "%d of %d calls %s (%.3g %% accepted)",
            bad,
            calls,
            kind.verb,
            acceptedShare * 100);
    return detail.isEmpty() ? numbers : numbers + ": " + detail;
  }
}
