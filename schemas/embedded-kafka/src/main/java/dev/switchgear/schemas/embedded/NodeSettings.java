package dev.switchgear.schemas.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import kafka.server.KafkaConfig;

/** The broker configuration: small, quick to start, one replica of everything. */
final class NodeSettings {

  static final int NODE_ID = 1;

  private static final Map<String, String> FIXED =
      Map.ofEntries(
          Map.entry("process.roles", "broker,controller"),
          Map.entry("node.id", Integer.toString(NODE_ID)),
          Map.entry(
              "listener.security.protocol.map",
              Sockets.CLIENTS + ":PLAINTEXT," + Sockets.CONTROLLER + ":PLAINTEXT"),
          Map.entry("inter.broker.listener.name", Sockets.CLIENTS),
          Map.entry("controller.listener.names", Sockets.CONTROLLER),
          Map.entry("auto.create.topics.enable", "false"),
          Map.entry("server.max.startup.time.ms", "60000"),
          // One node: one replica, and few partitions where Kafka's default of 50 costs a start.
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("offsets.topic.num.partitions", "4"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("transaction.state.log.num.partitions", "4"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.num.partitions", "4"),
          // The first member of a group need not wait for others.
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          Map.entry("group.streams.initial.rebalance.delay.ms", "0"),
          // Who wants a dead member of a group to be missed sooner than Kafka's 6 s may say so.
          Map.entry("group.min.session.timeout.ms", "1000"),
          Map.entry("group.streams.min.session.timeout.ms", "1000"),
          Map.entry("group.streams.min.heartbeat.interval.ms", "100"),
          // What a killed instance leaves open is closed soon after its time, not up to 10 s later.
          Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"),
          // Segments small enough that retention and compaction work on a laptop's volumes, and
          // indexes that suit them.
          Map.entry("log.segment.bytes", Integer.toString(16 << 20)),
          Map.entry("log.index.size.max.bytes", Integer.toString(1 << 20)),
          // Kafka reserves 128 MiB of heap for compaction; 4 MiB hold 150,000 keys a pass.
          Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20)),
          // Threads for one process's clients rather than for a machine of its own.
          Map.entry("num.network.threads", "2"),
          Map.entry("num.io.threads", "4"),
          Map.entry("background.threads", "2"),
          Map.entry("num.recovery.threads.per.data.dir", "1"));

  private NodeSettings() {}

  static KafkaConfig of(Sockets sockets, Path directory) {
    Map<String, String> settings = new TreeMap<>(FIXED);
    String clients = Sockets.CLIENTS + "://" + sockets.bootstrapServers();
    String controller = Sockets.CONTROLLER + "://" + sockets.controllerAddress();
    settings.put("listeners", clients + "," + controller);
    settings.put("advertised.listeners", clients);
    settings.put("controller.quorum.voters", NODE_ID + "@" + sockets.controllerAddress());
    settings.put("log.dirs", directory.toString());
    return new KafkaConfig(settings, false);
  }
}
