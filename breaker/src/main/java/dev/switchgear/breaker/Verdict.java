package dev.switchgear.breaker;

/**
 * What the evidence of one epoch says. Idle is never taken for health nor for failure, and neither
 * is evidence that is not enough yet.
 */
public sealed interface Verdict {

  /** The one {@link Undecided}. */
  Verdict UNDECIDED = new Undecided();

  /** The one {@link Idle}. */
  Verdict IDLE = new Idle();

  /** A symptom is proven. */
  record Failing(Symptom symptom) implements Verdict {}

  /** Proven well, on so many calls. */
  record Healthy(long calls, long bad) implements Verdict {}

  /** Not proven ill, but leaning there. */
  record LeaningIll(long calls, long bad) implements Verdict {}

  /** Some calls, not enough to tell. */
  record Undecided() implements Verdict {}

  /** Nobody calls. */
  record Idle() implements Verdict {}
}
