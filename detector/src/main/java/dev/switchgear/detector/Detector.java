package dev.switchgear.detector;

import dev.switchgear.detector.policy.PolicyFile;
import dev.switchgear.detector.state.DetectorState;
import dev.switchgear.detector.state.ServiceLevels;
import dev.switchgear.detector.state.Tick;
import dev.switchgear.schemas.HeartbeatPartition;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.streams.Heartbeats;
import dev.switchgear.schemas.streams.StreamsApp;
import dev.switchgear.schemas.streams.StreamsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/**
 * A detector, running in this process: one instance of those that share the breakers of a fleet.
 * Thread-safe.
 */
public final class Detector implements AutoCloseable {

  private static final Duration READ_WITHIN = Duration.ofSeconds(30);

  /**
   * How soon the sums of the span lane go on, and how often what has changed is kept. A decision is
   * committed at once.
   */
  private static final String COMMIT_INTERVAL_MILLIS = "200";

  /**
   * Whoever catches up reads what the brokers give at once: each round of Streams costs as much as
   * judging some hundred observations.
   */
  private static final String MOST_AT_ONCE = "10000";

  /**
   * Bytes of a partition that a broker gives at once. Few dependencies may call for most of a
   * fleet's traffic, and a busy thread fetches ten times a second: with Kafka's megabyte a
   * partition of more than 10 MB a second would fall behind while others are read up. There may be
   * so much in memory of each partition that a thread has: of seven topics with four, 112 MB.
   */
  private static final String MOST_OF_A_PARTITION = Integer.toString(4 << 20);

  /**
   * The operating system's, which grows: a consumer reads only while it polls, and of Kafka's own
   * 64 KiB a fetch of megabytes takes a round trip each.
   */
  private static final String RECEIVE_BUFFER = "-1";

  private final List<TopicFollower<?>> followers;
  private final TickWriter ticks;
  private final StreamsApp app;
  private final Heartbeats heartbeats;

  private Detector(
      List<TopicFollower<?>> followers,
      TickWriter ticks,
      StreamsApp app,
      Map<String, Object> clients) {
    this.followers = List.copyOf(followers);
    this.ticks = ticks;
    this.app = app;
    this.heartbeats =
        Heartbeats.start(
            HeartbeatPartition.DETECTOR, app, DetectorState.PROTOCOL.getTypes(), clients);
  }

  /**
   * Starts it, once it has read the policies and the states that are published, and returns before
   * it works.
   *
   * @throws dev.switchgear.detector.policy.PolicyException if the policy file is not as it should
   *     be; nothing else has happened then
   * @throws dev.switchgear.schemas.KafkaUnreachableException if no broker answers within 30 seconds
   */
  public static Detector start(DetectorSettings settings) {
    Path policyFile = settings.policyFile();
    RunningPolicies policies =
        new RunningPolicies(policyFile == null ? List.of() : PolicyFile.read(policyFile));
    Map<String, Object> clients = new HashMap<>(settings.kafka());
    clients.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    int partitions = TopicProvisioning.partitions(clients, Topics.OBSERVATIONS);
    Topic<Tick> ticks = Ticker.topicOf(settings.applicationId(), partitions);
    Topic<ServiceLevels> levels = Levels.topicOf(settings.applicationId(), partitions);
    TopicProvisioning.create(clients, List.of(ticks, levels));
    Records records = new Records(SchemaDirectory.onCluster(clients));
    PublishedStates published = new PublishedStates();
    PublishedSymptoms symptoms = new PublishedSymptoms();
    Lifesigns lifesigns = new Lifesigns();
    FleetView fleet = new FleetView(policies, published, symptoms, lifesigns);
    List<TopicFollower<?>> followers = new ArrayList<>();
    TickWriter ticker = new TickWriter(ticks, clients);
    try {
      follow(Topics.POLICIES, clients, records, policies, followers);
      follow(Topics.BREAKER_STATE, clients, records, published, followers);
      follow(Topics.SYMPTOMS, clients, records, symptoms, followers);
      follow(Topics.HEARTBEATS, clients, records, lifesigns, followers);
      Topology topology = DetectorTopology.of(records, fleet, levels, ticker);
      StreamsApp app = StreamsApp.start(topology, streams(settings));
      return new Detector(followers, ticker, app, clients);
    } catch (RuntimeException e) {
      ticker.close();
      followers.forEach(TopicFollower::close);
      throw e;
    }
  }

  /** Waits until this instance has work assigned and its state restored. */
  public boolean awaitRunning(Duration timeout) throws InterruptedException {
    return app.awaitRunning(timeout);
  }

  /** Stops within fifteen seconds; the others of its group take over. */
  @Override
  public void close() {
    heartbeats.close();
    app.close();
    ticks.close();
    followers.forEach(TopicFollower::close);
  }

  /** Returns once the topic has been read to its end. */
  private static <V extends SpecificRecord> void follow(
      Topic<V> topic,
      Map<String, Object> clients,
      Records records,
      TopicFollower.Listener<V> listener,
      List<TopicFollower<?>> followers) {
    var follower = TopicFollower.start(topic, clients, records, listener);
    followers.add(follower);
    try {
      if (!follower.awaitCaughtUp(READ_WITHIN)) {
        throw new TimeoutException(
            topic.name()
                + " cannot be read to its end within "
                + READ_WITHIN.toSeconds()
                + " s; does it exist?");
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static StreamsSettings streams(DetectorSettings settings) {
    Map<String, String> kafka = new HashMap<>();
    kafka.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL_MILLIS);
    kafka.put(
        StreamsConfig.MAX_TASK_IDLE_MS_CONFIG,
        Long.toString(StreamsConfig.MAX_TASK_IDLE_MS_DISABLED));
    kafka.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
        Bundling.class.getName());
    kafka.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_AT_ONCE);
    kafka.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MOST_OF_A_PARTITION);
    kafka.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, RECEIVE_BUFFER);
    kafka.putAll(settings.kafka());
    return new StreamsSettings(
        settings.bootstrapServers(),
        settings.applicationId(),
        settings.stateDirectory(),
        settings.threads(),
        kafka);
  }
}
