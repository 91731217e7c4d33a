package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.Closed;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesSample;
import java.util.List;
import java.util.Map;

/** One dependency of which measurements are known. */
final class SampledDependency implements Replayed {

  /** What was measured says nothing of a time longer ago than this. */
  private static final long LONGEST_INTERVAL_MILLIS = 600_000;

  private static final long FINE_STEP_MILLIS = 1_000;

  /** While nothing happens, calls of coarse samples need no finer steps. */
  private static final long COARSE_STEP_MILLIS = 10_000;

  private static final long COARSE_FROM_MILLIS = 60_000;

  private final String id;
  private final Rehearsal rehearsal;
  private final SampledCalls calls;
  private final FeltMeasures measures;
  private final Absences absences = new Absences();
  private Map<Measure, Double> known = Map.of();
  private long lastMillis;
  private long samples;

  SampledDependency(String id, BreakerPolicy policy, long fromMillis) {
    this.id = id;
    this.rehearsal = new Rehearsal(id, policy, fromMillis);
    this.calls = new SampledCalls(rehearsal);
    this.measures = FeltMeasures.of(id, policy);
    this.lastMillis = fromMillis;
  }

  void take(SeriesSample sample) {
    samples++;
    long at = sample.atMillis();
    if (at > lastMillis || samples == 1) {
      play(
          Math.min(at, lastMillis + Math.min(LONGEST_INTERVAL_MILLIS, 2 * absences.usualMillis())));
      known = sample.values();
      lastMillis = at;
    }
    absences.heard(at);
    measures.take(sample);
  }

  String id() {
    return id;
  }

  long lastMillis() {
    return lastMillis;
  }

  Absences absences() {
    return absences;
  }

  @Override
  public List<Hindsight.Move> moves() {
    return rehearsal.moves();
  }

  @Override
  public List<FeltSymptom> felt() {
    List<FeltSymptom> all = measures.felt();
    all.addAll(rehearsal.felt());
    return all;
  }

  @Override
  public Hindsight.Judgement judgement() {
    rehearsal.passTo(lastMillis);
    return rehearsal.judgement(
        samples, calls.admission().wanted(), calls.admission().refused(), false);
  }

  /**
   * What was measured becomes known at its time, not before. From then on calls are made that fare
   * as it says, until more is known.
   */
  private void play(long untilMillis) {
    if (SampledCalls.tellsOfCalls(known)) {
      calls.make(known, lastMillis, untilMillis, step(untilMillis - lastMillis));
    }
  }

  private long step(long intervalMillis) {
    boolean quiet = rehearsal.breaker().state() instanceof Closed;
    return quiet && intervalMillis >= COARSE_FROM_MILLIS ? COARSE_STEP_MILLIS : FINE_STEP_MILLIS;
  }
}
