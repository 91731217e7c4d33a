package dev.switchgear.schemas.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.KafkaUnreachableException;
import dev.switchgear.schemas.SchemaDirectory;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.Topic.Cleanup;
import dev.switchgear.schemas.Topic.Durability;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.TopicProvisioning.Report;
import dev.switchgear.schemas.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicProvisioningIT {

  private static final List<String> QUEUES = List.of("orders", "emails");

  @TempDir private Path scratch;

  @Nested
  class OnOneBroker {

    private EmbeddedKafka kafka;
    private Cluster cluster;

    @BeforeEach
    void start() {
      kafka = EmbeddedKafka.start();
      cluster = new Cluster(kafka.bootstrapServers());
    }

    @AfterEach
    void stop() {
      kafka.close();
    }

    @Test
    void everythingDeclaredIsThere_withOneReplica_whichIsSaid() {
      Report report = provision(kafka.bootstrapServers());

      Map<String, TopicFacts> facts = cluster.facts();
      assertThat(report.created()).isEqualTo(facts.keySet()).hasSize(20);
      assertThat(facts).isEqualTo(declared(1, 1));
      assertThat(report.notices())
          .containsExactly(
              "1 broker: topics have one replica, so losing a broker's disk loses them"
                  + " (3 brokers give 3 replicas, 2 of them in sync)");
    }

    @Test
    void everySchemaIsPublishedUnderItsFingerprint() {
      provision(kafka.bootstrapServers());

      Map<String, String> expected = new TreeMap<>();
      SchemaDirectory.announcements().forEach(each -> expected.put(each.key(), each.value()));
      assertThat(cluster.newest(Topics.SCHEMAS, expected.size())).isEqualTo(expected);
    }

    @Test
    void doneTwice_createsNothingAndChangesNothing() {
      provision(kafka.bootstrapServers());
      Map<String, TopicFacts> before = cluster.facts();

      Report again = provision(kafka.bootstrapServers());

      assertThat(again.created()).isEmpty();
      assertThat(again.notices()).hasSize(1);
      assertThat(cluster.facts()).isEqualTo(before);
    }

    @Test
    void whatAnOperatorMadeDifferently_isLeftAsItIs() {
      cluster.create(new NewTopic(Topics.OBSERVATIONS.name(), 9, (short) 1));

      Report report = provision(kafka.bootstrapServers());

      assertThat(report.created()).hasSize(19).doesNotContain(Topics.OBSERVATIONS.name());
      assertThat(cluster.facts().get(Topics.OBSERVATIONS.name()))
          .isEqualTo(new TopicFacts(9, 1, Map.of()));
    }

    @Test
    void severalProgramsAtOnce_createEachTopicOnce() throws Exception {
      int programs = 4;
      CyclicBarrier together = new CyclicBarrier(programs);
      ExecutorService threads = Executors.newFixedThreadPool(programs);
      List<Future<Report>> reports = new ArrayList<>();
      for (int i = 0; i < programs; i++) {
        reports.add(
            threads.submit(
                () -> {
                  together.await();
                  return provision(kafka.bootstrapServers());
                }));
      }

      List<String> created = new ArrayList<>();
      for (Future<Report> report : reports) {
        created.addAll(report.get(60, TimeUnit.SECONDS).created());
      }
      threads.shutdown();

      assertThat(created).doesNotHaveDuplicates().hasSize(20);
      assertThat(cluster.facts()).isEqualTo(declared(1, 1));
    }

    @Test
    void moreThanTheCatalogue_canBeAskedFor() {
      Topic<?> orders = Topics.replay("orders");
      Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrapServers());

      assertThat(TopicProvisioning.create(config, List.of(orders))).containsExactly(orders.name());
      assertThat(TopicProvisioning.create(config, List.of(orders))).isEmpty();
      assertThat(cluster.facts()).containsOnlyKeys(orders.name());
    }
  }

  @Test
  void onThreeBrokers_everythingHasThreeReplicas_andLedgersWaitForTwo() {
    try (ThreeNodes nodes = ThreeNodes.start(scratch)) {
      Report report = provision(nodes.bootstrapServers());

      assertThat(report.notices()).isEmpty();
      assertThat(new Cluster(nodes.bootstrapServers()).facts()).isEqualTo(declared(3, 2));
    }
  }

  @Test
  void whereNobodyListens_theErrorNamesTheAddress() throws Exception {
    String address;
    try (ServerSocket free = listen()) {
      address = "127.0.0.1:" + free.getLocalPort();
    }
    assertUnreachable(address);
  }

  @Test
  void whereNobodyAnswers_theErrorNamesTheAddress() throws Exception {
    try (ServerSocket silent = listen()) {
      assertUnreachable("127.0.0.1:" + silent.getLocalPort());
    }
  }

  @Test
  void anAddressThatDoesNotResolve_isNamed() {
    assertUnreachable("no-such-host.invalid:9092");
  }

  private static void assertUnreachable(String address) {
    Map<String, Object> impatient =
        Map.of(
            "bootstrap.servers", address,
            "request.timeout.ms", "1000",
            "default.api.timeout.ms", "1000");
    String message =
        "No Kafka broker answers at "
            + address
            + ". Is it running, and is this the address it advertises?";
    assertThatThrownBy(() -> TopicProvisioning.provision(impatient, QUEUES))
        .isInstanceOf(KafkaUnreachableException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> TopicProvisioning.create(impatient, List.of(Topics.SPANS)))
        .isInstanceOf(KafkaUnreachableException.class)
        .hasMessage(message);
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
  }

  private static Report provision(String bootstrapServers) {
    return TopicProvisioning.provision(Map.of("bootstrap.servers", bootstrapServers), QUEUES);
  }

  /** The catalogue, the queues' topics, and the two topics whose values are no records of ours. */
  private static Map<String, TopicFacts> declared(int replicas, int inSync) {
    Map<String, TopicFacts> facts = new TreeMap<>();
    Topics.all().forEach(topic -> facts.put(topic.name(), declared(topic, replicas, inSync)));
    for (String queue : QUEUES) {
      Topic<?> replay = Topics.replay(queue);
      facts.put(replay.name(), declared(replay, replicas, inSync));
    }
    facts.put(
        Topics.DEAD_LETTERS,
        ledger(1, replicas, inSync)
            .with("cleanup.policy", "delete")
            .with("retention.ms", Long.toString(Duration.ofDays(30).toMillis())));
    facts.put(Topics.SCHEMAS, ledger(1, replicas, inSync).with("cleanup.policy", "compact"));
    return facts;
  }

  private static TopicFacts declared(Topic<?> topic, int replicas, int inSync) {
    TopicFacts facts =
        topic.durability() == Durability.LEDGER
            ? ledger(topic.partitions(), replicas, inSync)
            : telemetry(topic.partitions(), replicas);
    TopicFacts cleaned = facts.with("cleanup.policy", policy(topic.cleanup()));
    return topic.cleanup() == Cleanup.COMPACT
        ? cleaned
        : cleaned.with("retention.ms", Long.toString(topic.retention().toMillis()));
  }

  private static TopicFacts telemetry(int partitions, int replicas) {
    return new TopicFacts(partitions, replicas, Map.of("max.message.bytes", "2097152"));
  }

  private static TopicFacts ledger(int partitions, int replicas, int inSync) {
    return telemetry(partitions, replicas).with("min.insync.replicas", Integer.toString(inSync));
  }

  private static String policy(Cleanup cleanup) {
    return switch (cleanup) {
      case DELETE -> "delete";
      case COMPACT -> "compact";
      case COMPACT_AND_DELETE -> "compact,delete";
    };
  }
}
