package dev.switchgear.recovery;

import dev.switchgear.recovery.replay.ClusterReplayTopics;
import dev.switchgear.recovery.replay.KafkaArchive;
import dev.switchgear.recovery.replay.ParkingTopology;
import dev.switchgear.recovery.replay.Plan;
import dev.switchgear.recovery.replay.SmallRocks;
import dev.switchgear.recovery.state.RecoveryRecords;
import dev.switchgear.schemas.KafkaUnreachableException;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.streams.Heartbeats;
import dev.switchgear.schemas.streams.StreamsApp;
import dev.switchgear.schemas.streams.StreamsSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * Recovery-actions, running in this process. Several instances of one application id share the
 * work, and take over from each other.
 */
public final class RecoveryActions implements AutoCloseable {

  private final StreamsApp app;
  private final ClusterReplayTopics replayTopics;
  private final Heartbeats heartbeats;

  private RecoveryActions(StreamsApp app, ClusterReplayTopics replayTopics, Heartbeats heartbeats) {
    this.app = app;
    this.replayTopics = replayTopics;
    this.heartbeats = heartbeats;
  }

  /**
   * Creates the topics that are missing, starts, and returns before it works.
   *
   * @throws KafkaUnreachableException if no broker answers within 30 seconds
   */
  public static RecoveryActions start(RecoverySettings settings) {
    Map<String, Object> clients = new HashMap<>(settings.kafka());
    clients.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    TopicProvisioning.provision(clients, List.of());
    Plan plan = plan(settings, TopicProvisioning.partitions(clients, Topics.PARKED_WORK));
    TopicProvisioning.create(clients, plan.ownTopics());
    Records records = new Records(SchemaDirectory.onCluster(clients));
    ClusterReplayTopics replayTopics = ClusterReplayTopics.start(clients, plan.partitions());
    Topology topology =
        ParkingTopology.build(plan, records, new KafkaArchive(clients), replayTopics);
    try {
      StreamsApp app = StreamsApp.start(topology, streams(settings));
      Heartbeats heartbeats =
          Heartbeats.start("recovery-actions", app, RecoveryRecords.PROTOCOL.getTypes(), clients);
      return new RecoveryActions(app, replayTopics, heartbeats);
    } catch (RuntimeException e) {
      replayTopics.close();
      throw e;
    }
  }

  /**
   * Waits until this instance has work assigned and its state restored.
   *
   * @return false if that took longer, or will never be
   */
  public boolean awaitRunning(Duration timeout) throws InterruptedException {
    return app.awaitRunning(timeout);
  }

  /** Stops, each part within seconds. Parked work waits for another instance, or the next start. */
  @Override
  public void close() {
    heartbeats.close();
    app.close();
    replayTopics.close();
  }

  private static Plan plan(RecoverySettings settings, int partitions) {
    return new Plan(
        settings.applicationId(),
        partitions,
        settings.releasePerSecond(),
        settings.inFlightLimit(),
        settings.attempts());
  }

  private static StreamsSettings streams(RecoverySettings settings) {
    Map<String, String> kafka = new HashMap<>();
    kafka.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SmallRocks.class.getName());
    kafka.putAll(settings.kafka());
    return new StreamsSettings(
        settings.bootstrapServers(),
        settings.applicationId(),
        settings.stateDirectory(),
        settings.threads(),
        kafka);
  }
}
