package dev.switchgear.spring;

import dev.switchgear.guard.CallCounts;
import dev.switchgear.guard.Health;
import dev.switchgear.guard.Switchgear;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** {@code /actuator/switchgear}: what this instance believes of each breaker that it guards. */
@Endpoint(id = "switchgear")
final class SwitchgearEndpoint {

  private final Switchgear gear;

  SwitchgearEndpoint(Switchgear gear) {
    this.gear = gear;
  }

  /** All of it. */
  @ReadOperation
  Instance instance() {
    Health health = gear.health();
    return new Instance(
        gear.service(),
        gear.instance(),
        health.live(),
        health.ready(),
        health.fleetHeard(),
        health.silent(),
        gear.board().refused(),
        gear.deferredObservations(),
        gear.droppedObservations(),
        breakers(health));
  }

  /** One breaker; null, which is 404, where that is not guarded. */
  @ReadOperation
  @Nullable Breaker breaker(@Selector(match = Selector.Match.ALL_REMAINING) String... breaker) {
    String id = String.join("/", breaker);
    return breakers(gear.health()).stream()
        .filter(each -> each.breaker().equals(id))
        .findFirst()
        .orElse(null);
  }

  private List<Breaker> breakers(Health health) {
    Map<String, CallCounts> counts =
        gear.counts().stream().collect(Collectors.toMap(CallCounts::breaker, Function.identity()));
    return health.beliefs().stream()
        .map(belief -> Breaker.of(belief, counts.get(belief.breaker())))
        .toList();
  }

  /**
   * This instance.
   *
   * @param silentFor since when no detector has been heard of
   * @param refusedStates records of states that were not believed
   * @param deferredObservations intervals whose counts were sent later
   * @param droppedObservations counts lost
   */
  record Instance(
      String service,
      String instance,
      boolean live,
      boolean ready,
      boolean fleetHeard,
      Duration silentFor,
      long refusedStates,
      long deferredObservations,
      long droppedObservations,
      List<Breaker> breakers) {}

  /**
   * A breaker with a guard.
   *
   * @param admittedShare calls that are let through, per ten thousand
   * @param decidedBy the breaker whose state is obeyed, which binds tightest
   * @param source who decided: FLEET, LOCAL or NOBODY
   * @param age since when
   * @param stale whether the fleet's word is obeyed although no detector is heard
   */
  record Breaker(
      String breaker,
      String state,
      int admittedShare,
      String decidedBy,
      String source,
      long epoch,
      String reason,
      Duration age,
      boolean stale,
      long calls,
      long errors,
      long refusals) {

    private static Breaker of(Health.Belief belief, @Nullable CallCounts counts) {
      return new Breaker(
          belief.breaker(),
          belief.state().name(),
          belief.admittedShare(),
          belief.decidedBy(),
          belief.source().name(),
          belief.epoch(),
          belief.reason(),
          belief.age(),
          belief.stale(),
          counts == null ? 0 : counts.calls(),
          counts == null ? 0 : counts.errors(),
          counts == null ? 0 : counts.refusals());
    }
  }
}
