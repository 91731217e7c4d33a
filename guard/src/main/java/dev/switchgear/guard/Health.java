package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.State;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How Switchgear is in this instance, for the service's own health page. None of it is a reason to
 * restart or to take an instance out of service for the sake of a dependency: a breaker that is
 * open is not a sick instance.
 *
 * @param live whether what runs in the background runs; false after a close, or if its thread died
 * @param ready whether calls are decided as they will be: the fleet's states have been read, or
 *     have not come for so long that this instance judges alone
 * @param fleetHeard whether a detector has been heard of lately
 * @param silent since when none has been heard of; a day at most, and if none ever was
 * @param beliefs what is believed of each breaker that is guarded
 */
public record Health(
    boolean live, boolean ready, boolean fleetHeard, Duration silent, List<Belief> beliefs) {

  static final Duration LONGEST = Duration.ofDays(1);

  public Health {
    beliefs = List.copyOf(beliefs);
  }

  /** Whose word a guard obeys. */
  public enum Source {
    /** Nobody has said anything: everything is admitted. */
    NOBODY,
    FLEET,
    /** This instance judges alone. */
    LOCAL
  }

  /**
   * What a guard obeys.
   *
   * @param breaker id of the guard's own breaker
   * @param decidedBy id of the breaker whose state it is: its own, or one that binds tighter
   * @param epoch epoch of that breaker, as far as the fleet has told it
   * @param admittedShare calls that are let through, per ten thousand
   * @param reason in one line
   * @param age since it was decided, by the clocks of two machines; 0 where nobody has decided
   * @param stale whether the fleet's word is obeyed although no detector is heard
   */
  public record Belief(
      String breaker,
      String decidedBy,
      State state,
      long epoch,
      int admittedShare,
      String reason,
      Source source,
      Duration age,
      boolean stale) {

    static Belief of(
        String breaker,
        @Nullable BreakerState obeyed,
        boolean local,
        boolean fleetHeard,
        long nowMillis) {
      if (obeyed == null) {
        return new Belief(
            breaker, breaker, State.CLOSED, 0, Entry.ALL, "", Source.NOBODY, Duration.ZERO, false);
      }
      return new Belief(
          breaker,
          obeyed.getBreaker(),
          obeyed.getState(),
          obeyed.getEpoch(),
          Entry.share(obeyed),
          obeyed.getReason(),
          local ? Source.LOCAL : Source.FLEET,
          Duration.ofMillis(Math.max(0, nowMillis - obeyed.getDecidedAtMillis())),
          !local && !fleetHeard);
    }
  }
}
