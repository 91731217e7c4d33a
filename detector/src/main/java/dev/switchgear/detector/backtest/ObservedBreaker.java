package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.breaker.evidence.ExponentialHistogram;
import dev.switchgear.breaker.policy.BreakerPolicy;
import dev.switchgear.breaker.policy.Scope;
import dev.switchgear.breaker.series.Measure;
import dev.switchgear.breaker.series.SeriesSample;
import dev.switchgear.detector.Parts;
import dev.switchgear.detector.policy.PolicyBook;
import dev.switchgear.schemas.BreakerId;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One breaker whose calls were observed, and those of the parts that its policy judges apart. */
final class ObservedBreaker implements Replayed {

  /** So many latencies stand for those of a refused sample's rest. */
  private static final int LATENCIES = 20;

  private final PolicyBook policies;
  private final Rehearsal rehearsal;
  private final Admission admission;
  private final FeltMeasures measures;
  private final Map<String, ObservedPart> parts = new TreeMap<>();
  private final Map<Scope, Integer> partCounts = new EnumMap<>(Scope.class);
  private final Map<String, Long> failures = new HashMap<>();
  private ExponentialHistogram latencies = ExponentialHistogram.empty();
  private double wanted;
  private double refused;
  private long calls;
  private long demand;
  private long samples;

  ObservedBreaker(String id, PolicyBook policies, long fromMillis) {
    BreakerPolicy policy = policies.policyOf(id);
    this.policies = policies;
    this.rehearsal = new Rehearsal(id, policy, fromMillis);
    this.admission = new Admission(rehearsal);
    this.measures = FeltMeasures.of(id, policy);
  }

  void take(CallSample recorded, long nowMillis) {
    samples++;
    rehearsal.passTo(nowMillis);
    parts.values().forEach(each -> each.passTo(nowMillis));
    Map<Scope, ObservedPart> theirs = partsOf(recorded.caller());
    Admission tightest = tightest(theirs.values());
    long admitted = tightest.admit(recorded.calls());
    boolean all = admitted == recorded.calls();
    CallSample made = all ? recorded : thinned(recorded, admitted, tightest);
    wanted += recorded.calls();
    refused += recorded.calls() - admitted;
    Map<Scope, Rehearsal> rehearsals = new EnumMap<>(Scope.class);
    theirs.forEach((scope, part) -> rehearsals.put(scope, part.rehearsal()));
    rehearsal.observe(made, rehearsals);
    theirs.values().forEach(each -> each.count(recorded.calls(), made.calls()));
    recorded.errors().forEach((type, count) -> failures.merge(type, count, Long::sum));
    calls += recorded.calls();
    demand += recorded.calls() + recorded.refusals();
    latencies.add(recorded.latencyNanos());
  }

  /** A guard obeys the tightest; each has calls to let through of its own. */
  private Admission tightest(Collection<ObservedPart> theirs) {
    Admission tightest = admission;
    int share = rehearsal.admittedShare();
    for (ObservedPart each : theirs) {
      if (each.admittedShare() < share) {
        tightest = each.admission();
        share = each.admittedShare();
      }
    }
    return tightest;
  }

  /** Those that the caller's calls belong to; {@link Parts#MOST} of a scope at most. */
  private Map<Scope, ObservedPart> partsOf(Caller caller) {
    String whole = rehearsal.breaker().id();
    Set<Scope> split = rehearsal.breaker().policy().split();
    if (split.isEmpty() || BreakerId.isPart(whole)) {
      return Map.of();
    }
    Map<Scope, ObservedPart> theirs = new EnumMap<>(Scope.class);
    for (Scope scope : split) {
      Parts.id(scope, whole, caller)
          .map(id -> part(id, scope))
          .ifPresent(part -> theirs.put(scope, part));
    }
    return theirs;
  }

  private @Nullable ObservedPart part(String id, Scope scope) {
    ObservedPart known = parts.get(id);
    if (known != null || partCounts.getOrDefault(scope, 0) >= Parts.MOST) {
      return known;
    }
    ObservedPart part = new ObservedPart(id, policies.policyOf(id), rehearsal.nowMillis());
    parts.put(id, part);
    partCounts.merge(scope, 1, Integer::sum);
    return part;
  }

  /** Those that were judged apart, in the order of their names. */
  Collection<ObservedPart> parts() {
    return parts.values();
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
    return rehearsal.judgement(samples, wanted, refused, false);
  }

  /**
   * Of the calls that would have been made, as many failed and were slow as of all of them. A guard
   * would have timed no fewer than it did.
   */
  private static CallSample thinned(CallSample recorded, long admitted, Admission admission) {
    long errors = recorded.errors().values().stream().mapToLong(Long::longValue).sum();
    long failed = admission.failed(admitted, errors / (double) recorded.calls());
    String mostly =
        recorded.errors().entrySet().stream()
            .max(Comparator.comparing(Map.Entry::getValue))
            .map(Map.Entry::getKey)
            .orElse("");
    ExponentialHistogram some = ExponentialHistogram.empty();
    long timed = Math.min(admitted, recorded.latencyNanos().count());
    long pieces = Math.min(timed, LATENCIES);
    for (long piece = 0; piece < pieces; piece++) {
      long times = timed * (piece + 1) / pieces - timed * piece / pieces;
      some.record(recorded.latencyNanos().quantile(admission.nextShare()), times);
    }
    return new CallSample(
        recorded.caller(),
        recorded.fromMillis(),
        recorded.toMillis(),
        CallSample.NO_EPOCH,
        admitted,
        failed == 0 ? Map.of() : Map.of(mostly, failed),
        Math.min(CallSample.MAX_CALLS, recorded.calls() - admitted + recorded.refusals()),
        some,
        recorded.exemplars());
  }
}
