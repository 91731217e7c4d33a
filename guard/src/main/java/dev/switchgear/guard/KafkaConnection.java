package dev.switchgear.guard;

import dev.switchgear.schemas.Records;
import java.time.Duration;

/** Follows states and signs of life, and keeps the queues. */
final class KafkaConnection implements Connection {

  private final StateFollower states;
  private final PulseFollower pulse;
  private final Queues queues;

  KafkaConnection(
      Board board, Identity identity, KafkaClients clients, Records records, Clocks clocks) {
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

  @Override
  public void stopReplays() {
    queues.close();
  }

  @Override
  public void close() {
    states.close();
    pulse.close();
  }
}
