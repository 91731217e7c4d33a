package dev.switchgear.schemas.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.fault.FaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one node, wired as Kafka wires a combined node ({@link KafkaRaftServer}), but with our
 * sockets, and with its fatal faults logged: Kafka would end the process, which is not its own
 * here.
 */
final class Node {

  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final ControllerServer controller;
  private final BrokerServer broker;

  private Node(ControllerServer controller, BrokerServer broker) {
    this.controller = controller;
    this.broker = broker;
  }

  /** Formats the directory if that has not been done, starts, and returns when clients may come. */
  static Node start(Sockets sockets, Path directory) {
    format(directory);
    Node node = create(NodeSettings.of(sockets, directory), sockets);
    try {
      node.controller.startup();
      node.broker.startup();
      return node;
    } catch (RuntimeException | Error e) {
      LOG.debug("Stopped after a failed start: {}", node.stop(Duration.ofSeconds(5)));
      throw e;
    }
  }

  private static void format(Path directory) {
    if (Files.exists(directory.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
      return;
    }
    try (PrintStream silence = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)) {
      new Formatter()
          .setNodeId(NodeSettings.NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .addDirectory(directory.toString())
          .setMetadataLogDirectory(directory.toString())
          .setControllerListenerName(Sockets.CONTROLLER)
          .setPrintStream(silence)
          .run();
    } catch (Exception e) {
      throw new DataDirectoryException(directory, "cannot be formatted (" + e + ")", e);
    }
  }

  private static Node create(KafkaConfig settings, Sockets sockets) {
    var stored = KafkaRaftServer.initializeLogDirs(settings, LOG, "");
    var quorum = settings.quorumConfig();
    SharedServer shared =
        new SharedServer(
            settings,
            stored._1(),
            Time.SYSTEM,
            new Metrics(),
            CompletableFuture.completedFuture(QuorumConfig.parseVoterConnections(quorum.voters())),
            QuorumConfig.parseBootstrapServers(quorum.bootstrapServers()),
            (name, fatal, action) -> faultHandler(name, action),
            sockets);
    var controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), stored._2());
    return new Node(controller, new BrokerServer(shared));
  }

  private static FaultHandler faultHandler(String name, Runnable action) {
    return (message, cause) -> {
      LOG.error("The embedded Kafka failed ({}): {}", name, message, cause);
      action.run();
      return new IllegalStateException(name + ": " + message, cause);
    };
  }

  /**
   * Stops the broker, then its controller.
   *
   * @return false if they still run after the timeout
   */
  boolean stop(Duration timeout) {
    Thread stopping = new Thread(() -> stopBoth(timeout), "switchgear-embedded-kafka-stop");
    stopping.setDaemon(true);
    stopping.start();
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    boolean interrupted = false;
    for (long left = 1; stopping.isAlive() && left > 0; ) {
      left = deadlineNanos - System.nanoTime();
      try {
        NANOSECONDS.timedJoin(stopping, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !stopping.isAlive();
  }

  private void stopBoth(Duration timeout) {
    broker.shutdown(timeout.dividedBy(2));
    controller.shutdown();
  }
}
