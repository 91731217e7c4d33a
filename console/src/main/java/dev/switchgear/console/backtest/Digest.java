package dev.switchgear.console.backtest;

import dev.switchgear.detector.backtest.FeltSymptom;
import dev.switchgear.detector.backtest.Hindsight;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A hindsight in a few numbers.
 *
 * @param days of history, more than 0
 * @param incidents symptoms that belong together, because one began while others were felt
 */
public record Digest(
    long fromMillis,
    long toMillis,
    double days,
    int trips,
    double calls,
    double refused,
    List<Incident> incidents) {

  private static final double DAY_MILLIS = 86_400_000;

  /** Consequences follow their cause within minutes. */
  private static final long TOGETHER_MILLIS = 300_000;

  /** Symptoms that people would be told of at once. */
  public record Incident(
      long fromMillis, @Nullable Long toMillis, FeltSymptom first, Set<String> dependencies) {

    boolean goesOnAt(long millis) {
      return toMillis == null || millis <= toMillis + TOGETHER_MILLIS;
    }

    private static @Nullable Long later(@Nullable Long one, @Nullable Long other) {
      return one == null || other == null ? null : Long.valueOf(Math.max(one, other));
    }

    Incident with(FeltSymptom next) {
      Set<String> all = new TreeSet<>(dependencies);
      all.add(next.dependency());
      return new Incident(fromMillis, later(toMillis, next.toMillis()), first, all);
    }
  }

  /** The digest of a hindsight. */
  public static Digest of(Hindsight hindsight) {
    long from = Long.MAX_VALUE;
    long to = Long.MIN_VALUE;
    int trips = 0;
    double calls = 0;
    double refused = 0;
    for (Hindsight.Judgement each : hindsight.breakers()) {
      from = Math.min(from, each.fromMillis());
      to = Math.max(to, each.toMillis());
      trips += each.trips();
      calls += each.part() ? 0 : each.calls();
      refused += each.part() ? 0 : each.refused();
    }
    double days = Math.max(1, to - from) / DAY_MILLIS;
    return new Digest(from, to, days, trips, calls, refused, incidents(hindsight.symptoms()));
  }

  private static List<Incident> incidents(List<FeltSymptom> symptoms) {
    List<Incident> incidents = new ArrayList<>();
    for (FeltSymptom next : symptoms) {
      int last = incidents.size() - 1;
      if (last >= 0 && incidents.get(last).goesOnAt(next.fromMillis())) {
        incidents.set(last, incidents.get(last).with(next));
      } else {
        incidents.add(
            new Incident(next.fromMillis(), next.toMillis(), next, Set.of(next.dependency())));
      }
    }
    return incidents;
  }
}
