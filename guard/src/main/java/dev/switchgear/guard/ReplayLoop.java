package dev.switchgear.guard;

import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replays one queue, in one {@link ReplaySession} after the other, until it is stopped. */
final class ReplayLoop implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ReplayLoop.class);
  private static final Duration READY_POLL = Duration.ofMillis(50);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration FINISH_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final String queue;
  private final Board board;
  private final Workbench bench;
  private final Map<String, Object> config;
  private final Records records;
  private final OutcomeProducer outcomes;
  private final CountDownLatch stop = new CountDownLatch(1);

  ReplayLoop(
      String queue,
      Board board,
      Attempts attempts,
      ExecutorService handlers,
      KafkaClients clients,
      Records records) {
    this.queue = queue;
    this.board = board;
    this.bench = new Workbench(attempts, handlers);
    this.config = clients.replay(queue);
    this.records = records;
    this.outcomes = new OutcomeProducer(clients.outcomes(queue), records);
  }

  void stop() {
    stop.countDown();
  }

  @Override
  public void run() {
    try {
      // Before the breakers' states are known, nobody can say whether work is to be put off.
      boolean stopped = false;
      while (!board.isReady() && !stopped) {
        stopped = stopsWithin(READY_POLL);
      }
      while (!stopsWithin(Duration.ZERO)) {
        replay();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      bench.interrupt();
      outcomes.close();
    }
  }

  private void replay() throws InterruptedException {
    KafkaConsumer<byte[], byte[]> consumer = null;
    try {
      consumer =
          new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
      var session = new ReplaySession(Topics.replay(queue), consumer, bench, outcomes, records);
      session.subscribe();
      while (!stopsWithin(Duration.ZERO)) {
        session.step();
      }
      session.finish(FINISH_TIMEOUT);
    } catch (RuntimeException e) {
      LOG.warn("Replay of queue {} was interrupted; going on in {}", queue, RETRY, e);
      stopsWithin(RETRY);
    } finally {
      bench.dropAll();
      close(consumer);
    }
  }

  private boolean stopsWithin(Duration time) throws InterruptedException {
    return stop.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void close(@Nullable KafkaConsumer<byte[], byte[]> consumer) {
    if (consumer == null) {
      return;
    }
    try {
      consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
    } catch (RuntimeException e) {
      LOG.warn("Replay of queue {} has not left its group in order", queue, e);
    }
  }
}
