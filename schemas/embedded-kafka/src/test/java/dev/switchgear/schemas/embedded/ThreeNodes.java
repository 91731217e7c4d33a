package dev.switchgear.schemas.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.fault.FaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster of three brokers in this process: the embedded node, and two more that are brokers only
 * and join it.
 */
final class ThreeNodes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ThreeNodes.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  private final List<Sockets> sockets = new ArrayList<>();
  private final List<BrokerServer> joined = new ArrayList<>();
  private final Node first;

  private ThreeNodes(Path scratch) {
    Path directory = scratch.resolve("1");
    sockets.add(Sockets.bind(0));
    first = Node.start(sockets.get(0), directory);
    for (int node = 2; node <= 3; node++) {
      join(node, scratch.resolve(Integer.toString(node)), clusterId(directory));
    }
  }

  static ThreeNodes start(Path scratch) {
    return new ThreeNodes(scratch);
  }

  private static String clusterId(Path directory) {
    Properties stored = new Properties();
    Path file = directory.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME);
    try (var in = Files.newBufferedReader(file)) {
      stored.load(in);
      return stored.getProperty("cluster.id");
    } catch (IOException e) {
      throw new AssertionError("Cannot read " + file, e);
    }
  }

  private void join(int node, Path directory, String clusterId) {
    format(node, directory, clusterId);
    Sockets own = Sockets.bind(0);
    sockets.add(own);
    KafkaConfig settings = settings(node, directory, own);
    var quorum = settings.quorumConfig();
    SharedServer shared =
        new SharedServer(
            settings,
            KafkaRaftServer.initializeLogDirs(settings, LOG, "")._1(),
            Time.SYSTEM,
            new Metrics(),
            CompletableFuture.completedFuture(QuorumConfig.parseVoterConnections(quorum.voters())),
            QuorumConfig.parseBootstrapServers(quorum.bootstrapServers()),
            (name, fatal, action) -> faultHandler(action),
            own);
    BrokerServer broker = new BrokerServer(shared);
    joined.add(broker);
    broker.startup();
  }

  private static void format(int node, Path directory, String clusterId) {
    try (PrintStream silence =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setNodeId(node)
          .setClusterId(clusterId)
          .addDirectory(directory.toString())
          .setMetadataLogDirectory(directory.toString())
          .setControllerListenerName(Sockets.CONTROLLER)
          .setPrintStream(silence)
          .run();
    } catch (Exception e) {
      throw new AssertionError("Cannot format " + directory, e);
    }
  }

  private KafkaConfig settings(int node, Path directory, Sockets own) {
    String clients = Sockets.CLIENTS + "://" + own.bootstrapServers();
    String voter = NodeSettings.NODE_ID + "@" + sockets.get(0).controllerAddress();
    return new KafkaConfig(
        Map.of(
            "process.roles",
            "broker",
            "node.id",
            Integer.toString(node),
            "listeners",
            clients,
            "listener.security.protocol.map",
            Sockets.CLIENTS + ":PLAINTEXT," + Sockets.CONTROLLER + ":PLAINTEXT",
            "inter.broker.listener.name",
            Sockets.CLIENTS,
            "controller.listener.names",
            Sockets.CONTROLLER,
            "controller.quorum.voters",
            voter,
            "log.index.size.max.bytes",
            Integer.toString(1 << 20),
            "log.cleaner.dedupe.buffer.size",
            Integer.toString(4 << 20),
            "log.dirs",
            directory.toString()),
        false);
  }

  private static FaultHandler faultHandler(Runnable action) {
    return (message, cause) -> {
      action.run();
      return new IllegalStateException(message, cause);
    };
  }

  String bootstrapServers() {
    return String.join(",", sockets.stream().map(Sockets::bootstrapServers).toList());
  }

  /** Stops the node that controls the others last. */
  @Override
  public void close() {
    joined.forEach(broker -> broker.shutdown(STOP_TIMEOUT));
    if (!first.stop(STOP_TIMEOUT)) {
      throw new AssertionError("The first node still runs after " + STOP_TIMEOUT);
    }
    sockets.forEach(Sockets::close);
  }
}
