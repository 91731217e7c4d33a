package dev.switchgear.guard;

import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The queues that this instance parks in and replays. Thread-safe. */
final class Queues implements AutoCloseable {

  private static final int QUEUES = 64;

  /** Threads that run replay handlers, for all queues of the instance together. */
  private static final int HANDLER_THREADS = 8;

  private static final long IDLE_SECONDS = 10;

  private final Board board;
  private final Identity identity;
  private final KafkaClients clients;
  private final Records records;
  private final Map<String, Parking> parkings = new HashMap<>();
  private final Map<String, Replay> replays = new HashMap<>();
  private final ExecutorService handlers = handlers();
  private boolean closed;

  Queues(Board board, Identity identity, KafkaClients clients, Records records) {
    this.board = board;
    this.identity = identity;
    this.clients = clients;
    this.records = records;
  }

  synchronized Parking parking(String queue, String breaker) {
    Parking known = parkings.get(queue);
    if (known == null) {
      checkNew(queue, parkings.size());
      Names.check("breaker", breaker);
      known = new Parking(queue, breaker, identity, clients, records);
      parkings.put(queue, known);
    } else if (!known.breaker().equals(breaker)) {
      throw new IllegalArgumentException(
          "breaker of queue %s: \"%s\" (expected: \"%s\", as at first)"
              .formatted(queue, breaker, known.breaker()));
    }
    return known;
  }

  synchronized Replay replay(String queue, String breaker, ReplayHandler handler) {
    Replay known = replays.get(queue);
    if (known != null && !known.isClosed()) {
      throw new IllegalStateException("queue " + queue + " is replayed by this instance already");
    }
    checkNew(queue, replays.size());
    Gate gate = board.gate(breaker);
    var attempts = new Attempts(board, gate, identity.instance(), handler);
    var loop = new ReplayLoop(queue, board, attempts, handlers, clients, records);
    Replay replay = Replay.start(queue, loop);
    replays.put(queue, replay);
    return replay;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    replays.values().forEach(Replay::stopTaking);
    replays.values().forEach(Replay::close);
    handlers.shutdownNow();
    parkings.values().forEach(Parking::close);
  }

  private void checkNew(String queue, int known) {
    if (closed) {
      throw new IllegalStateException("queue " + queue + ": Switchgear is closed");
    }
    String topic = Topics.replay(queue).name();
    if (known >= QUEUES) {
      throw new IllegalStateException(
          topic + " would be number " + (known + 1) + " (expected: at most " + QUEUES + " queues)");
    }
  }

  /** The queue of tasks is bounded by the replays, each of which has a limit of its own. */
  private static ExecutorService handlers() {
    var executor =
        new ThreadPoolExecutor(
            HANDLER_THREADS,
            HANDLER_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Queues::thread);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "switchgear-replay-handler");
    thread.setDaemon(true);
    return thread;
  }
}
