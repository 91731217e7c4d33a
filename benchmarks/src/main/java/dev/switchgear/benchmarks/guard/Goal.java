package dev.switchgear.benchmarks.guard;

import dev.switchgear.benchmarks.guard.Contender.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * What a guarded call is to cost at most, and what it costs. A call alone, with the benchmark's own
 * loop, and reads of the clock are not the guard's: they are taken off as they were measured beside
 * it, the clock where each call is timed. At full speed a guard hardly reads it.
 *
 * <p>Nanoseconds are of one machine. So each goal is told a second time, as a part of what others
 * take in the same run. What is wanted, with its reads of the clock, was that part of what they
 * took where the goals were set.
 *
 * @param title at most 46 characters, for people
 * @param unit of what is measured
 */
public record Goal(String title, double measured, double most, String unit) {

  private static final double MOST_SHARING = 1.3;

  /** Half a byte: what the benchmark itself allocates in a run shows in later digits. */
  private static final double NO_BYTES = 0.5;

  /** Nanoseconds of one read of the clock where the goals were set. */
  private static final double CLOCK_THERE = 20;

  private static final List<Wanted> WANTED =
      List.of(
          new Wanted(
              "closed, no clock",
              "closed, outcome counted, no clock",
              Scenario.CLOSED,
              Kind.SWITCHGEAR_ADMIT,
              10,
              0),
          new Wanted(
              "closed, all timed",
              "closed, all timed, less two clock reads",
              Scenario.CLOSED,
              Kind.SWITCHGEAR_TIMED,
              15,
              2),
          new Wanted("open", "open, fallback answers", Scenario.OPEN, Kind.SWITCHGEAR, 5, 0),
          new Wanted(
              "composed",
              "composed, all timed, less two clock reads",
              Scenario.COMPOSED,
              Kind.SWITCHGEAR_TIMED,
              25,
              2));

  private static final List<Peer> PEERS =
      List.of(
          new Peer(Scenario.CLOSED, Lineup.RESILIENCE4J, 66),
          new Peer(Scenario.CLOSED, Lineup.ARMERIA, 30),
          new Peer(Scenario.OPEN, Lineup.STACKLESS, 375),
          new Peer(Scenario.OPEN, Lineup.ARMERIA, 28),
          new Peer(Scenario.COMPOSED, Lineup.RESILIENCE4J, 115),
          new Peer(Scenario.COMPOSED, Lineup.ARMERIA_COMPOSED, 72));

  /** Whether it is reached. */
  public boolean isMet() {
    return measured <= most;
  }

  /** Those of which enough was measured. */
  public static List<Goal> of(List<Reading> readings) {
    Measured measured = new Measured(readings);
    List<Goal> goals = new ArrayList<>();
    WANTED.forEach(each -> each.nanos(measured).ifPresent(goals::add));
    WANTED.forEach(each -> goals.addAll(each.parts(measured)));
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

  /** What another library took over the call itself where the goals were set. */
  private record Peer(Scenario scenario, String title, double nanos) {}

  /**
   * What one way to call is to take.
   *
   * @param name in a few words, for what it is beside others
   * @param most nanoseconds over the call itself, without the clock
   * @param reads of the clock in each call
   */
  private record Wanted(
      String name, String title, Scenario scenario, Kind kind, double most, int reads) {

    Optional<Goal> nanos(Measured measured) {
      return ours(measured)
          .map(nanos -> new Goal(title, nanos - reads * measured.clock(), most, "ns"));
    }

    List<Goal> parts(Measured measured) {
      return PEERS.stream()
          .filter(each -> each.scenario() == scenario)
          .flatMap(each -> part(measured, each).stream())
          .toList();
    }

    private Optional<Goal> part(Measured measured, Peer peer) {
      double mostPart = (most + reads * CLOCK_THERE) / peer.nanos();
      Optional<Double> theirs =
          measured.overCall(scenario, each -> each.title().equals(peer.title()));
      return ours(measured)
          .flatMap(ours -> theirs.map(nanos -> ours / nanos))
          .map(part -> new Goal(name + ", of " + peer.title(), 100 * part, 100 * mostPart, "%"));
    }

    private Optional<Double> ours(Measured measured) {
      return measured.overCall(scenario, each -> each.kind() == kind);
    }
  }

  /** What is looked for among readings. */
  private record Measured(List<Reading> readings) {

    /** One read. */
    double clock() {
      return alone(Scenario.FLOOR, each -> each.title().equals(Lineup.CLOCK)).orElse(0.0);
    }

    /** What somebody's guarded call takes more than the call itself. */
    Optional<Double> overCall(Scenario scenario, Predicate<Contender> who) {
      double call =
          alone(Scenario.FLOOR, each -> each.title().equals(Lineup.CALL_ALONE)).orElse(0.0);
      return alone(scenario, who).map(nanos -> nanos - call);
    }

    private Optional<Double> alone(Scenario scenario, Predicate<Contender> who) {
      return readings.stream()
          .filter(each -> each.threads() == 1 && each.contender().scenario() == scenario)
          .filter(each -> who.test(each.contender()))
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
      return alone(contender.scenario(), contender::equals);
    }

    private List<Reading> ours() {
      return readings.stream()
          .filter(each -> each.contender().kind() != Kind.PEER)
          .filter(each -> each.contender().kind() != Kind.BARE)
          .toList();
    }
  }
}
