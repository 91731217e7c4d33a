package dev.switchgear.guard;

import java.time.Duration;

/** What an instance has of Kafka besides telling what it saw. */
interface Connection extends AutoCloseable {

  /** Waits until every breaker's state has been read; false if that takes longer. */
  boolean awaitReady(Duration timeout) throws InterruptedException;

  Parking parking(String queue, String breaker);

  Replay replay(String queue, String breaker, ReplayHandler handler);

  /** Begins to follow who may take how much of the fleet's limits, unless it does already. */
  void followQuotas();

  /** Stops replays; what is parked and what follows topics goes on until {@link #close}. */
  void stopReplays();

  @Override
  void close();
}
