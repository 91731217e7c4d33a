package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.Symptom;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.series.Limits;
import dev.switchgear.breaker.series.SeriesEvent;
import dev.switchgear.breaker.series.SeriesJudge;
import dev.switchgear.breaker.series.SeriesSample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The symptoms in the measurements of one dependency. */
final class FeltMeasures {

  /**
   * A symptom in measurements trips nothing by itself: ten times as many false ones are bearable.
   */
  private static final double BEARABLE = 10;

  private static final double MOST_ALARMS_PER_DAY = 10;

  private final String id;
  private final SeriesJudge judge;
  private final Map<Symptom.Kind, FeltSymptom> now = new EnumMap<>(Symptom.Kind.class);
  private final List<FeltSymptom> over = new ArrayList<>();

  private FeltMeasures(String id, SeriesJudge judge) {
    this.id = id;
    this.judge = judge;
  }

  /** Compares what is measured with what it usually is. */
  static FeltMeasures of(String id, BreakerPolicy policy) {
    return new FeltMeasures(id, new SeriesJudge(falseAlarms(policy)));
  }

  /** Compares levels with the policy's limits. */
  static FeltMeasures ofLevels(String id, BreakerPolicy policy) {
    return new FeltMeasures(id, new SeriesJudge(falseAlarms(policy), Limits.of(policy.watched())));
  }

  private static double falseAlarms(BreakerPolicy policy) {
    return Math.min(MOST_ALARMS_PER_DAY, BEARABLE * policy.falseTripsPerDay());
  }

  void take(SeriesSample sample) {
    judge.take(sample).forEach(this::happened);
  }

  /** All of them; some may be felt still. */
  List<FeltSymptom> felt() {
    List<FeltSymptom> all = new ArrayList<>(over);
    all.addAll(now.values());
    return all;
  }

  private void happened(SeriesEvent event) {
    if (event instanceof SeriesEvent.Began began) {
      now.put(began.kind(), felt(began));
    } else if (event instanceof SeriesEvent.Ended ended) {
      FeltSymptom was = now.remove(ended.kind());
      if (was != null) {
        over.add(was.until(Math.max(was.fromMillis(), ended.untilMillis())));
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
