package dev.switchgear.schemas.streams;

import dev.switchgear.schemas.KafkaUnreachableException;
import dev.switchgear.schemas.TopicProvisioning;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.GroupProtocol;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance of a Kafka Streams application: exactly once, with a standby for each store, and
 * with dead letters for what can't be used. A stream thread that dies is replaced, until too many
 * have died in a short time; then the instance stops working and says so. Thread-safe.
 */
public final class StreamsApp implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StreamsApp.class);

  /** Of a session: with the answer to a heartbeat others learn that one is missing. */
  private static final int HEARTBEATS = 10;

  /** Commits come several times a second; waiting for company in a batch only adds to that. */
  private static final Duration LINGER = Duration.ofMillis(5);

  /**
   * How long a transaction may stay open: what a killed instance leaves open holds up whoever takes
   * over its work, and every reader. An instance that stands still for so long is out of the group
   * in any case.
   */
  private static final Duration TRANSACTION_TIMEOUT = SessionTimeout.WANTED;

  /** Kafka 5's default. The constant of that name is deprecated, because it will then be gone. */
  private static final String HANDLES_GLOBAL_STORES = "processing.exception.handler.global.enabled";

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition stateChanged = lock.newCondition();
  private final ThreadDeaths deaths = new ThreadDeaths();
  private final KafkaStreams streams;

  private StreamsApp(Topology topology, Properties config) {
    streams = new KafkaStreams(topology, config);
    streams.setStateListener((to, from) -> signal());
    streams.setUncaughtExceptionHandler(this::onThreadDeath);
  }

  /**
   * Starts an instance and returns before it works.
   *
   * @throws KafkaUnreachableException if no broker answers within 30 seconds
   */
  public static StreamsApp start(Topology topology, StreamsSettings settings) {
    Map<String, Object> clients = new HashMap<>(settings.kafka());
    clients.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    Properties config = config(settings, TopicProvisioning.replicas(clients));
    if (isClassic(settings)) {
      limitSession(config, SessionTimeout.on(clients));
    }
    config.putAll(settings.kafka());
    StreamsApp app = new StreamsApp(topology, config);
    app.streams.start();
    return app;
  }

  /**
   * Waits until this instance has work assigned and its state restored.
   *
   * @param timeout zero only looks
   * @return false if that took longer, or will never be
   */
  public boolean awaitRunning(Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (streams.state() != State.RUNNING && left > 0 && !isOver()) {
        left = stateChanged.awaitNanos(left);
      }
      return streams.state() == State.RUNNING;
    } finally {
      lock.unlock();
    }
  }

  /** Stops within ten seconds, commits what is done, and leaves the group so that others go on. */
  @Override
  public void close() {
    CloseOptions leaving =
        CloseOptions.timeout(CLOSE_TIMEOUT)
            .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP);
    if (!streams.close(leaving)) {
      LOG.warn("Streams did not stop within {}", CLOSE_TIMEOUT);
    }
  }

  private static Properties config(StreamsSettings settings, int replicas) {
    Properties config = new Properties();
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
    config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1);
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    config.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        DeserializationDeadLetters.class);
    config.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, ProcessingDeadLetters.class);
    config.put(HANDLES_GLOBAL_STORES, true);
    config.put(
        StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, ProductionDeadLetters.class);
    config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replicas);
    config.put(
        StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
        Integer.toString(TopicProvisioning.inSync(replicas)));
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ProducerConfig.LINGER_MS_CONFIG, millis(LINGER));
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, millis(TRANSACTION_TIMEOUT));
    config.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        Integer.toString(TopicProvisioning.LARGEST_MESSAGE_BYTES));
    return config;
  }

  /** Under the other protocol the brokers set the session. */
  private static boolean isClassic(StreamsSettings settings) {
    String protocol = settings.kafka().get(StreamsConfig.GROUP_PROTOCOL_CONFIG);
    return protocol == null || protocol.equalsIgnoreCase(GroupProtocol.CLASSIC.name);
  }

  private static void limitSession(Properties config, Duration session) {
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, millis(session));
    Duration heartbeat = session.dividedBy(HEARTBEATS);
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, millis(heartbeat));
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }

  private StreamThreadExceptionResponse onThreadDeath(Throwable cause) {
    boolean replaced = deaths.isBearable(System.nanoTime());
    if (replaced) {
      LOG.error("A stream thread died; another one takes its place", cause);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    LOG.error("Stream threads die too often; this instance stops working", cause);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private boolean isOver() {
    return streams.state().isShuttingDown() || streams.state().hasCompletedShutdown();
  }

  private void signal() {
    lock.lock();
    try {
      stateChanged.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
