package dev.switchgear.gamedays.drill;

import dev.switchgear.schemas.State;
import java.time.Duration;
import java.util.List;

/** How the shop, its breakers and its queue stand at one moment. */
public record DemoSnapshot(
    Duration elapsed,
    String act,
    List<ServiceLine> services,
    List<BreakerLine> breakers,
    QueueLine orders) {

  public DemoSnapshot {
    services = List.copyOf(services);
    breakers = List.copyOf(breakers);
  }

  /**
   * One service over the last two seconds, as its callers see it.
   *
   * @param errorShare failed calls among all, 0..1
   * @param fault "" when healthy
   */
  public record ServiceLine(
      String name,
      int instances,
      double callsPerSecond,
      double errorShare,
      double p99Millis,
      String fault) {}

  /**
   * One breaker.
   *
   * @param admittedShare calls let through, per ten thousand
   */
  public record BreakerLine(
      String breaker, State state, long epoch, int admittedShare, String reason) {}

  /**
   * The queue of orders.
   *
   * @param parked waiting or in flight now
   * @param inFlight being replayed now
   * @param replayed finished since this run began
   * @param parkedTotal parked since this run began
   */
  public record QueueLine(long parked, long inFlight, long replayed, long parkedTotal) {}
}
