package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.Transition;
import java.util.List;

/**
 * What would have happened.
 *
 * @param symptoms in the order of their beginning
 * @param transitions in the order of time
 * @param breakers one for each breaker, in the order of their names
 */
public record Hindsight(
    List<FeltSymptom> symptoms, List<Move> transitions, List<Judgement> breakers) {

  public Hindsight {
    symptoms = List.copyOf(symptoms);
    transitions = List.copyOf(transitions);
    breakers = List.copyOf(breakers);
  }

  /** A transition of one breaker. */
  public record Move(String breaker, Transition transition) {}

  /**
   * One breaker over the whole record.
   *
   * @param samples measurements or observations
   * @param calls calls that were wanted
   * @param refused how many of them would have been refused, by it or by another that binds them
   * @param trips how often it would have opened
   * @param notClosedMillis for how long it would not have let everything through
   * @param late observations that came too late to count
   * @param part whether its calls are a part of another's, and counted there as well
   */
  public record Judgement(
      String breaker,
      long fromMillis,
      long toMillis,
      long samples,
      double calls,
      double refused,
      int trips,
      long notClosedMillis,
      long late,
      boolean part) {}
}
