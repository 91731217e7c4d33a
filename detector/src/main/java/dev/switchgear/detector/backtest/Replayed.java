package dev.switchgear.detector.backtest;

import java.util.List;

/** A breaker or service whose history has been gone through. */
sealed interface Replayed
    permits MeasuredService, ObservedBreaker, ObservedPart, SampledDependency {

  List<Hindsight.Move> moves();

  /** What calls and measurements showed; the same symptom may be there twice. */
  List<FeltSymptom> felt();

  Hindsight.Judgement judgement();
}
