package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.evidence.CallSample;
import dev.switchgear.breaker.series.SeriesSample;
import dev.switchgear.detector.Samples;
import dev.switchgear.detector.policy.PolicyBook;
import dev.switchgear.schemas.Observation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Judges history, which comes in the order of its time. Not thread-safe. */
public final class Backtest {

  /** The same symptom within five minutes of its end has not ended. */
  private static final long SAME_WITHIN_MILLIS = 300_000;

  /** Observed calls are summed over this time to be a measurement. */
  private static final long MEASURE_MILLIS = 10_000;

  private final PolicyBook policies;
  private final Map<String, SampledDependency> sampled = new TreeMap<>();
  private final Map<String, ObservedBreaker> observed = new TreeMap<>();
  private final Map<String, MeasuredService> services = new TreeMap<>();
  private long stretch = Long.MIN_VALUE;

  /** A backtest that knows no history yet. */
  public Backtest(PolicyBook policies) {
    this.policies = policies;
  }

  /** Takes what was measured of a dependency. */
  public void take(String dependency, SeriesSample sample) {
    sampled
        .computeIfAbsent(
            dependency, id -> new SampledDependency(id, policies.policyOf(id), sample.atMillis()))
        .take(sample);
  }

  /**
   * Takes what was observed of a breaker, after all that was observed earlier of any.
   *
   * @throws dev.switchgear.schemas.streams.BadRecordException if anything of it is absurd
   */
  public void take(Observation observation) {
    long to = observation.getFromMillis() + Math.max(1, observation.getIntervalMillis());
    CallSample sample = Samples.of(observation.getBreaker(), observation, to);
    measure(Math.floorDiv(to, MEASURE_MILLIS));
    observed
        .computeIfAbsent(
            observation.getBreaker(), id -> new ObservedBreaker(id, policies, sample.fromMillis()))
        .take(sample, to);
  }

  /** Takes how busy a service was: shares of what it has, and what waits. */
  public void takeLevels(String service, SeriesSample levels) {
    services
        .computeIfAbsent(
            service, id -> new MeasuredService(id, policies.policyOf(id), levels.atMillis()))
        .take(levels);
  }

  /** A breaker that is not heard of while others are is idle; while nobody is, we are blind. */
  private void measure(long next) {
    if (next > stretch && stretch != Long.MIN_VALUE) {
      long from = stretch * MEASURE_MILLIS;
      observed.values().forEach(each -> each.measure(from, from + MEASURE_MILLIS));
    }
    stretch = Math.max(stretch, next);
  }

  /** What would have happened. */
  public Hindsight hindsight() {
    long end = sampled.values().stream().mapToLong(SampledDependency::lastMillis).max().orElse(0);
    List<FeltSymptom> symptoms = new ArrayList<>();
    List<Hindsight.Move> moves = new ArrayList<>();
    List<Hindsight.Judgement> breakers = new ArrayList<>();
    for (SampledDependency each : sampled.values()) {
      List<FeltSymptom> felt = new ArrayList<>(each.felt());
      felt.addAll(each.absences().silences(each.id(), others(each), end));
      symptoms.addAll(merged(felt));
    }
    for (ObservedBreaker each : observed.values()) {
      symptoms.addAll(merged(each.felt()));
      each.parts().forEach(part -> symptoms.addAll(merged(part.felt())));
    }
    services.values().forEach(each -> symptoms.addAll(merged(each.felt())));
    for (Replayed each : replayed()) {
      breakers.add(each.judgement());
      moves.addAll(each.moves());
    }
    symptoms.sort(Comparator.comparingLong(FeltSymptom::fromMillis));
    moves.sort(Comparator.comparingLong(move -> move.transition().atMillis()));
    return new Hindsight(symptoms, moves, breakers);
  }

  /** A service whose calls are observed is there as its breaker. */
  private Collection<Replayed> replayed() {
    Map<String, Replayed> all = new TreeMap<>(services);
    all.putAll(sampled);
    all.putAll(observed);
    List<Replayed> sorted = new ArrayList<>(all.values());
    observed.values().forEach(each -> sorted.addAll(each.parts()));
    sorted.sort(Comparator.comparing(each -> each.judgement().breaker()));
    return sorted;
  }

  private List<Absences> others(SampledDependency but) {
    List<Absences> others = new ArrayList<>();
    for (SampledDependency each : sampled.values()) {
      if (each != but) {
        others.add(each.absences());
      }
    }
    return others;
  }

  /** What calls and measurements say of the same thing at the same time is one symptom. */
  private static List<FeltSymptom> merged(List<FeltSymptom> felt) {
    List<FeltSymptom> sorted = new ArrayList<>(felt);
    sorted.sort(Comparator.comparing(FeltSymptom::kind).thenComparing(FeltSymptom::fromMillis));
    List<FeltSymptom> merged = new ArrayList<>();
    for (FeltSymptom next : sorted) {
      FeltSymptom last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      boolean same =
          last != null
              && last.kind() == next.kind()
              && !last.overBefore(next.fromMillis() - SAME_WITHIN_MILLIS);
      if (last != null && same) {
        merged.set(merged.size() - 1, last.until(later(last.toMillis(), next.toMillis())));
      } else {
        merged.add(next);
      }
    }
    return merged;
  }

  private static @Nullable Long later(@Nullable Long one, @Nullable Long other) {
    return one == null || other == null ? null : Long.valueOf(Math.max(one, other));
  }
}
