package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.Watched;
import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesSample;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** One service of which gauges say how busy it was. They trip nothing here. */
final class MeasuredService implements Replayed {

  private final String id;
  private final Watched watched;
  private final FeltMeasures measures;
  private final long fromMillis;
  private long toMillis;
  private long samples;

  MeasuredService(String id, BreakerPolicy policy, long fromMillis) {
    this.id = id;
    this.watched = policy.watched();
    this.measures = FeltMeasures.ofLevels(id, policy);
    this.fromMillis = fromMillis;
    this.toMillis = fromMillis;
  }

  void take(SeriesSample levels) {
    Map<Measure, Double> values = new EnumMap<>(levels.values());
    values.keySet().removeIf(measure -> !isWatched(measure));
    measures.take(new SeriesSample(levels.atMillis(), values));
    toMillis = levels.atMillis();
    samples++;
  }

  @Override
  public List<Hindsight.Move> moves() {
    return List.of();
  }

  @Override
  public List<FeltSymptom> felt() {
    return measures.felt();
  }

  @Override
  public Hindsight.Judgement judgement() {
    return new Hindsight.Judgement(id, fromMillis, toMillis, samples, 0, 0, 0, 0, 0, false);
  }

  private boolean isWatched(Measure measure) {
    return measure == Measure.QUEUE_DEPTH
        ? watched.queue().watched()
        : watched.saturation().watched();
  }
}
