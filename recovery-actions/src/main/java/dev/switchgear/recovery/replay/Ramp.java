package dev.switchgear.recovery.replay;

import dev.switchgear.recovery.parking.Conditions;
import dev.switchgear.recovery.state.Grant;
import dev.switchgear.schemas.BreakerState;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What one partition may release: its part of the queue's in-flight limit, and the same part of the
 * rate that the breaker's state leaves.
 */
final class Ramp implements Conditions {

  /**
   * What a probing breaker leaves to each queue. Live calls are the better probes, and there are
   * mostly enough of them; but where nobody calls, only the parked work can find out whether the
   * dependency is well, and would otherwise wait for ever.
   */
  static final double PROBES_PER_SECOND = 2;

  private static final double WHOLE = 10_000;

  private final Plan plan;
  private final ReadOnlyKeyValueStore<String, BreakerState> breakers;
  private final ReplayTopics replayTopics;
  private final Map<String, Grant> grants = new HashMap<>();

  Ramp(Plan plan, ReadOnlyKeyValueStore<String, BreakerState> breakers, ReplayTopics replayTopics) {
    this.plan = plan;
    this.breakers = breakers;
    this.replayTopics = replayTopics;
  }

  /** Obeys a grant, unless a newer one is obeyed already. */
  void obey(Grant grant) {
    if (grant.getGrant() > number(grant.getQueue())) {
      grants.put(grant.getQueue(), grant);
    }
  }

  int slots(String queue) {
    Grant grant = grants.get(queue);
    return grant == null ? 0 : grant.getSlots();
  }

  /** Number of the grant obeyed; 0 before the first. */
  long number(String queue) {
    Grant grant = grants.get(queue);
    return grant == null ? 0 : grant.getGrant();
  }

  /** Queues with grants. */
  Set<String> queues() {
    return grants.keySet();
  }

  /** Whether the queue's work has somewhere to go. */
  boolean isOpen(String queue) {
    return replayTopics.isThere(queue);
  }

  /** Whether somebody has to see to it that the queue's work can go somewhere. */
  boolean isBlocked(String queue) {
    return replayTopics.isMissing(queue);
  }

  @Override
  public int inFlightLimit(String queue) {
    return isOpen(queue) ? slots(queue) : 0;
  }

  @Override
  public double releasePerSecond(String queue, String breaker) {
    return ofFleet(breakers.get(breaker)) * slots(queue) / plan.inFlightLimit();
  }

  private double ofFleet(@Nullable BreakerState state) {
    double full = plan.releasePerSecond();
    if (state == null) {
      return full;
    }
    return switch (state.getState()) {
      case CLOSED, HELD_CLOSED, SHADOW -> full;
      case RECOVERING, UNKNOWN -> full * state.getAdmittedShare() / WHOLE;
      case PROBING -> Math.min(full, PROBES_PER_SECOND);
      case OPEN, HELD_OPEN -> 0;
    };
  }
}
