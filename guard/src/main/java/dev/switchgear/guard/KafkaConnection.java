package dev.switchgear.guard;

import dev.switchgear.schemas.Records;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Follows states and signs of life, and keeps the queues. */
final class KafkaConnection implements Connection {

  private final StateFollower states;
  private final PulseFollower pulse;
  private final Queues queues;
  private final FleetLimits limits;
  private final KafkaClients clients;
  private final Records records;
  private @Nullable QuotaFollower quotas;

  KafkaConnection(
      Board board,
      FleetLimits limits,
      Identity identity,
      KafkaClients clients,
      Records records,
      Clocks clocks) {
    this.limits = limits;
    this.clients = clients;
    this.records = records;
    this.states = new StateFollower(board, clients, records);
    this.pulse = new PulseFollower(board.pulse(), clocks, clients, records);
    this.queues = new Queues(board, identity, clients, records);
  }

  @Override
  public boolean awaitReady(Duration timeout) throws InterruptedException {
    return states.awaitReady(timeout);
  }

  @Override
  public Parking parking(String queue, String breaker) {
    return queues.parking(queue, breaker);
  }

  @Override
  public Replay replay(String queue, String breaker, ReplayHandler handler) {
    return queues.replay(queue, breaker, handler);
  }

  /** Most services have no such limit, and need no consumer for them. */
  @Override
  public synchronized void followQuotas() {
    if (quotas == null) {
      quotas = new QuotaFollower(limits, clients, records);
    }
  }

  @Override
  public void stopReplays() {
    queues.close();
  }

  @Override
  public synchronized void close() {
    states.close();
    pulse.close();
    if (quotas != null) {
      quotas.close();
    }
  }
}
