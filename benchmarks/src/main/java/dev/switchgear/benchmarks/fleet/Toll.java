package dev.switchgear.benchmarks.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one outage cost.
 *
 * @param made calls that callers wanted to make
 * @param succeeded calls that were answered
 * @param failed calls that failed though the dependency was well
 * @param wasted calls to the dead dependency until every instance had stopped
 * @param probes calls to the dead dependency after that
 * @param refusedWell calls refused before the outage: false alarms
 * @param refusedDead calls refused while the dependency was dead
 * @param refusedHealed calls refused though the dependency was well again
 * @param stoppedMillis from the death until no instance let all its calls pass; null for never
 * @param fullSeconds from the healing until traffic was back for good; null for never
 * @param load calls that reached the dependency in each second after it healed
 */
public record Toll(
    long made,
    long succeeded,
    long failed,
    long wasted,
    long probes,
    long refusedWell,
    long refusedDead,
    long refusedHealed,
    @Nullable Long stoppedMillis,
    @Nullable Long fullSeconds,
    List<Long> load) {

  public Toll {
    load = List.copyOf(load);
  }

  /** Each figure's median, which need not be of one run; a never is longer than any time. */
  public static Toll median(List<Toll> tolls) {
    List<Long> load = new ArrayList<>();
    for (int second = 0; second < tolls.get(0).load().size(); second++) {
      int each = second;
      load.add(count(tolls, toll -> toll.load().get(each)));
    }
    return new Toll(
        count(tolls, Toll::made),
        count(tolls, Toll::succeeded),
        count(tolls, Toll::failed),
        count(tolls, Toll::wasted),
        count(tolls, Toll::probes),
        count(tolls, Toll::refusedWell),
        count(tolls, Toll::refusedDead),
        count(tolls, Toll::refusedHealed),
        middle(tolls, Toll::stoppedMillis),
        middle(tolls, Toll::fullSeconds),
        load);
  }

  private static long count(List<Toll> tolls, Function<Toll, Long> figure) {
    return tolls.stream().map(figure).sorted().toList().get((tolls.size() - 1) / 2);
  }

  private static @Nullable Long middle(
      List<Toll> tolls, Function<Toll, @Nullable Long> figureOrNever) {
    long middle = count(tolls, toll -> orNever(figureOrNever.apply(toll)));
    return middle == Long.MAX_VALUE ? null : middle;
  }

  private static Long orNever(@Nullable Long figure) {
    return figure == null ? Long.MAX_VALUE : figure;
  }
}
