package dev.switchgear.guard;

import java.time.Duration;

/**
 * Does the work of one queue that comes back, until it is closed. Each attempt's outcome is written
 * together with the progress of the reading in one Kafka transaction, so there is exactly one
 * outcome of each item released. The handler may be called again for an item whose outcome could
 * not be written: it must be idempotent.
 */
public final class Replay implements AutoCloseable {

  /** Items taken and not yet finished, at most. */
  static final int IN_FLIGHT = 16;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

  private final ReplayLoop loop;
  private final Thread thread;

  private Replay(String queue, ReplayLoop loop) {
    this.loop = loop;
    this.thread = new Thread(loop, "switchgear-replay-" + queue);
    thread.setDaemon(true);
  }

  static Replay start(String queue, ReplayLoop loop) {
    Replay replay = new Replay(queue, loop);
    replay.thread.start();
    return replay;
  }

  /**
   * Takes no more work and gives handlers that run ten seconds to finish; those that have not are
   * interrupted, and their items come back to another instance.
   */
  @Override
  public void close() {
    stopTaking();
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void stopTaking() {
    loop.stop();
  }

  boolean isClosed() {
    return !thread.isAlive();
  }
}
