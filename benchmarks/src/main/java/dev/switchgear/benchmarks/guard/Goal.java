package dev.switchgear.benchmarks.guard;

import dev.switchgear.benchmarks.guard.Contender.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What a guarded call is to cost at most, and what it costs. The call itself and reads of the clock
 * are not the guard's: they are taken off as they were measured beside it, where each call is
 * timed. At full speed a guard hardly reads it.
 *
 * @param title at most 46 characters, for people
 * @param unit of what is measured
 */
public record Goal(String title, double measured, double most, String unit) {

  private static final double MOST_SHARING = 1.3;

  /** Half a byte: what the profiler itself allocates in a run shows in later digits. */
  private static final double NO_BYTES = 0.5;

  /** Whether it is reached. */
  public boolean isMet() {
    return measured <= most;
  }

  /** Those of which enough was measured. */
  public static List<Goal> of(List<Reading> readings) {
    Measured measured = new Measured(readings);
    double call = measured.bare(Lineup.CALL_ALONE).orElse(0.0);
    double clock = measured.bare(Lineup.CLOCK).orElse(0.0);
    List<Goal> goals = new ArrayList<>();
    measured
        .alone(Scenario.CLOSED, Kind.SWITCHGEAR_ADMIT)
        .map(nanos -> nanos("closed, outcome counted, no clock", nanos - call, 10))
        .ifPresent(goals::add);
    measured
        .alone(Scenario.CLOSED, Kind.SWITCHGEAR_TIMED)
        .map(
            nanos -> nanos("closed, all timed, less two clock reads", nanos - call - 2 * clock, 15))
        .ifPresent(goals::add);
    measured
        .alone(Scenario.OPEN, Kind.SWITCHGEAR)
        .map(nanos -> nanos("open, fallback answers", nanos, 5))
        .ifPresent(goals::add);
    measured
        .alone(Scenario.COMPOSED, Kind.SWITCHGEAR_TIMED)
        .map(
            nanos ->
                nanos("composed, all timed, less two clock reads", nanos - call - 2 * clock, 25))
        .ifPresent(goals::add);
    measured
        .most(Reading::bytes)
        .map(bytes -> new Goal("allocated, any scenario", bytes, NO_BYTES, "B"))
        .ifPresent(goals::add);
    measured
        .mostSharing()
        .map(times -> new Goal("two threads to one, any scenario", times, MOST_SHARING, "times"))
        .ifPresent(goals::add);
    return goals;
  }

  private static Goal nanos(String title, double measured, double most) {
    return new Goal(title, measured, most, "ns");
  }

  /** What is looked for among readings. */
  private record Measured(List<Reading> readings) {

    Optional<Double> bare(String title) {
      return readings.stream()
          .filter(each -> each.contender().title().equals(title) && each.threads() == 1)
          .map(Reading::nanos)
          .findFirst();
    }

    Optional<Double> alone(Scenario scenario, Kind kind) {
      return readings.stream()
          .filter(each -> each.contender().scenario() == scenario)
          .filter(each -> each.contender().kind() == kind && each.threads() == 1)
          .map(Reading::nanos)
          .findFirst();
    }

    Optional<Double> most(ToDoubleFunction<Reading> of) {
      return ours().stream().map(of::applyAsDouble).max(Double::compare);
    }

    Optional<Double> mostSharing() {
      return ours().stream()
          .filter(each -> each.threads() == 2)
          .flatMap(two -> alone(two.contender()).map(one -> two.nanos() / one).stream())
          .max(Double::compare);
    }

    private Optional<Double> alone(Contender contender) {
      return alone(contender.scenario(), contender.kind());
    }

    private List<Reading> ours() {
      return readings.stream()
          .filter(each -> each.contender().kind() != Kind.PEER)
          .filter(each -> each.contender().kind() != Kind.BARE)
          .toList();
    }
  }
}
