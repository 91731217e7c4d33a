package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesSample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One breaker whose calls were observed. */
final class ObservedBreaker implements Replayed {

  /** So many latencies stand for those of a refused sample's rest. */
  private static final int LATENCIES = 20;

  private final Rehearsal rehearsal;
  private final Admission admission;
  private final FeltMeasures measures;
  private final Map<String, Long> failures = new HashMap<>();
  private ExponentialHistogram latencies = ExponentialHistogram.empty();
  private long calls;
  private long demand;
  private long samples;
  private long late;

  ObservedBreaker(String id, BreakerPolicy policy, long fromMillis) {
    this.rehearsal = new Rehearsal(id, policy, fromMillis);
    this.admission = new Admission(rehearsal);
    this.measures = FeltMeasures.of(id, policy);
  }

  void take(CallSample recorded, long nowMillis) {
    samples++;
    rehearsal.passTo(nowMillis);
    long admitted = admission.admit(recorded.calls());
    boolean whole = admitted == recorded.calls();
    if (!rehearsal.observe(whole ? asToday(recorded) : thinned(recorded, admitted))) {
      late++;
    }
    recorded.errors().forEach((type, count) -> failures.merge(type, count, Long::sum));
    calls += recorded.calls();
    demand += recorded.calls() + recorded.refusals();
    latencies.add(recorded.latencyNanos());
  }

  /** Ends a stretch of time: its sums are a measurement. */
  void measure(long fromMillis, long toMillis) {
    Map<Measure, Double> values = new EnumMap<>(Measure.class);
    values.put(Measure.CALLS_PER_SECOND, demand * 1e3 / (toMillis - fromMillis));
    if (calls > 0) {
      double failed = failures.values().stream().mapToLong(Long::longValue).sum();
      values.put(Measure.ERROR_SHARE, Math.min(1, failed / calls));
    }
    if (latencies.count() > 0) {
      values.put(Measure.LATENCY_P50, latencies.quantile(0.5) / 1e6);
      values.put(Measure.LATENCY_P95, latencies.quantile(0.95) / 1e6);
    }
    measures.take(new SeriesSample(toMillis, values));
    failures.clear();
    latencies = ExponentialHistogram.empty();
    calls = 0;
    demand = 0;
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
    return rehearsal.judgement(samples, admission.wanted(), admission.refused(), late);
  }

  private CallSample asToday(CallSample recorded) {
    return sample(recorded, recorded.calls(), recorded.errors(), recorded.latencyNanos());
  }

  /** Of the calls that would have been made, as many failed and were slow as of all of them. */
  private CallSample thinned(CallSample recorded, long admitted) {
    long errors = recorded.errors().values().stream().mapToLong(Long::longValue).sum();
    long failed = admission.failed(admitted, errors / (double) recorded.calls());
    String mostly =
        recorded.errors().entrySet().stream()
            .max(Comparator.comparing(Map.Entry::getValue))
            .map(Map.Entry::getKey)
            .orElse("");
    ExponentialHistogram some = ExponentialHistogram.empty();
    long parts = recorded.latencyNanos().count() == 0 ? 0 : Math.min(admitted, LATENCIES);
    for (long part = 0; part < parts; part++) {
      long times = admitted * (part + 1) / parts - admitted * part / parts;
      some.record(recorded.latencyNanos().quantile(admission.nextShare()), times);
    }
    return sample(recorded, admitted, failed == 0 ? Map.of() : Map.of(mostly, failed), some);
  }

  private CallSample sample(
      CallSample recorded, long made, Map<String, Long> errors, ExponentialHistogram latency) {
    return new CallSample(
        recorded.service(),
        recorded.instance(),
        recorded.fromMillis(),
        recorded.toMillis(),
        rehearsal.breaker().epoch(),
        made,
        errors,
        Math.min(CallSample.MAX_CALLS, recorded.calls() - made + recorded.refusals()),
        latency,
        new ArrayList<>(recorded.exemplars()));
  }
}
