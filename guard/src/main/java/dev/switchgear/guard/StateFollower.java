package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/** Brings the breakers' states from Kafka to the board, and says when the first reading is done. */
final class StateFollower implements TopicFollower.Listener<BreakerState>, AutoCloseable {

  private static final Duration POLL = Duration.ofSeconds(1);

  private final Board board;
  private final TopicFollower<BreakerState> follower;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final Thread opener = new Thread(this::becomeReady, "switchgear-ready");
  private volatile boolean closed;

  StateFollower(Board board, KafkaClients clients, Records records) {
    this.board = board;
    this.follower =
        TopicFollower.start(Topics.BREAKER_STATE, clients.follower("breaker-state"), records, this);
    opener.setDaemon(true);
    opener.start();
  }

  boolean awaitReady(Duration timeout) throws InterruptedException {
    return ready.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void onRecord(ConsumerRecord<String, byte[]> record, @Nullable BreakerState state) {
    board.accept(record.key(), state);
  }

  @Override
  public void onUnreadable(ConsumerRecord<String, byte[]> record, SerializationException cause) {
    board.refuse(record.key(), String.valueOf(cause.getMessage()));
  }

  @Override
  public void close() {
    closed = true;
    follower.close();
  }

  private void becomeReady() {
    try {
      boolean caughtUp = false;
      while (!closed && !caughtUp) {
        caughtUp = follower.awaitCaughtUp(POLL);
      }
      if (caughtUp) {
        board.ready();
        ready.countDown();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
