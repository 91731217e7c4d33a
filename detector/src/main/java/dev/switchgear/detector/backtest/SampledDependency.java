package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.Closed;
import dev.switchgear.breaker.Symptom;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesEvent;
import dev.switchgear.breaker.series.SeriesJudge;
import dev.switchgear.breaker.series.SeriesSample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One dependency of which measurements are known. */
final class SampledDependency {

  /**
   * A symptom in measurements trips nothing by itself: ten times as many false ones are bearable.
   */
  private static final double BEARABLE = 10;

  /** What was measured says nothing of a time longer ago than this. */
  private static final long LONGEST_INTERVAL_MILLIS = 600_000;

  private static final long FINE_STEP_MILLIS = 1_000;

  /** While nothing happens, calls of coarse samples need no finer steps. */
  private static final long COARSE_STEP_MILLIS = 10_000;

  private static final long COARSE_FROM_MILLIS = 60_000;

  private final String id;
  private final Rehearsal rehearsal;
  private final SampledCalls calls;
  private final SeriesJudge judge;
  private final Map<Symptom.Kind, FeltSymptom> feltNow = new EnumMap<>(Symptom.Kind.class);
  private final List<FeltSymptom> felt = new ArrayList<>();
  private final Absences absences = new Absences();
  private Map<Measure, Double> known = Map.of();
  private long lastMillis;
  private long samples;

  SampledDependency(String id, BreakerPolicy policy, long fromMillis) {
    this.id = id;
    this.rehearsal = new Rehearsal(id, policy, fromMillis);
    this.calls = new SampledCalls(rehearsal);
    this.judge = new SeriesJudge(alarmsPerDay(policy));
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
    judge.take(sample).forEach(this::happened);
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

  List<Hindsight.Move> moves() {
    return rehearsal.moves();
  }

  List<FeltSymptom> felt() {
    List<FeltSymptom> all = new ArrayList<>(felt);
    all.addAll(feltNow.values());
    all.addAll(rehearsal.felt());
    return all;
  }

  Hindsight.Judgement judgement() {
    rehearsal.passTo(lastMillis);
    return rehearsal.judgement(samples, calls.wanted(), calls.refused(), 0);
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

  private static double alarmsPerDay(BreakerPolicy policy) {
    return Math.min(BEARABLE, BEARABLE * policy.falseTripsPerDay());
  }

  private void happened(SeriesEvent event) {
    if (event instanceof SeriesEvent.Began began) {
      feltNow.put(began.kind(), felt(began));
    } else if (event instanceof SeriesEvent.Ended ended) {
      FeltSymptom was = feltNow.remove(ended.kind());
      if (was != null) {
        felt.add(was.until(ended.untilMillis()));
      }
    }
  }

  private FeltSymptom felt(SeriesEvent.Began began) {
    String source = began.measure().name().toLowerCase(Locale.ROOT);
    var evidence =
        new FeltSymptom.Evidence(
            began.sinceMillis(),
            source,
            began.value(),
            began.usual(),
            began.strength(),
            began.strengthWanted(),
            String.format(
                Locale.ROOT, "%s is %.4g, usual is %.4g", source, began.value(), began.usual()));
    return new FeltSymptom(id, began.kind(), began.atMillis(), null, evidence);
  }
}
