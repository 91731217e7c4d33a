package dev.switchgear.detector.backtest;

import dev.switchgear.breaker.series.SeriesSample;
import dev.switchgear.detector.policy.PolicyBook;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges history. Dependencies are independent of each other; what is known of one comes in the
 * order of its time. Not thread-safe.
 */
public final class Backtest {

  /** The same symptom within a minute of its end has not ended. */
  private static final long SAME_WITHIN_MILLIS = 60_000;

  private final PolicyBook policies;
  private final Map<String, SampledDependency> sampled = new TreeMap<>();

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

  /** What would have happened. */
  public Hindsight hindsight() {
    long end = sampled.values().stream().mapToLong(SampledDependency::lastMillis).max().orElse(0);
    List<FeltSymptom> symptoms = new ArrayList<>();
    List<Hindsight.Move> moves = new ArrayList<>();
    List<Hindsight.Judgement> breakers = new ArrayList<>();
    for (SampledDependency each : sampled.values()) {
      breakers.add(each.judgement());
      List<FeltSymptom> felt = new ArrayList<>(each.felt());
      felt.addAll(each.absences().silences(each.id(), others(each), end));
      symptoms.addAll(merged(felt));
      moves.addAll(each.moves());
    }
    symptoms.sort(Comparator.comparingLong(FeltSymptom::fromMillis));
    moves.sort(Comparator.comparingLong(move -> move.transition().atMillis()));
    return new Hindsight(symptoms, moves, breakers);
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
