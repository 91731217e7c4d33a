package dev.switchgear.schemas.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.Heartbeat;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.KafkaProbe.Keyed;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** True of either broker. */
class BrokerIT {

  private static TestKafka kafka;
  private static KafkaProbe probe;

  @BeforeAll
  static void start() {
    kafka = TestKafka.start();
    TopicProvisioning.provision(Map.of("bootstrap.servers", kafka.bootstrapServers()), List.of());
    probe = new KafkaProbe(kafka.bootstrapServers());
  }

  @AfterAll
  static void stop() {
    probe.close();
    kafka.close();
  }

  @Test
  void whatIsPut_isReadWithItsKeyAndTombstonesAreLeftOut() throws Exception {
    probe.put(Topics.HEARTBEATS, "kept", heartbeat("kept-1"));
    probe.put(Topics.HEARTBEATS, "ended", null);
    probe.put(Topics.HEARTBEATS, "kept", heartbeat("kept-2"));

    List<Keyed<Heartbeat>> read =
        probe.read(Topics.HEARTBEATS, each -> each.getInstance().startsWith("kept-"), 2);
    assertThat(read).extracting(Keyed::key).containsExactly("kept", "kept");
    assertThat(probe.read(Topics.HEARTBEATS, all -> all.size() >= 2)).doesNotContainNull();
    assertThat(probe.end(Topics.HEARTBEATS.name())).isEqualTo(3);
  }

  @Test
  void bytes_arriveAsTheyAreAndWhereTheyWerePut() throws Exception {
    byte[] bytes = "no record".getBytes(StandardCharsets.UTF_8);
    probe.putBytes(Topics.DEAD_LETTERS, 0, "odd", bytes);

    ConsumerRecord<String, byte[]> read =
        probe.readBytes(Topics.DEAD_LETTERS, all -> !all.isEmpty()).get(0);
    assertThat(read.key()).isEqualTo("odd");
    assertThat(read.value()).isEqualTo(bytes);
    assertThat(read.partition()).isZero();
  }

  @Test
  void aTopicThatNobodyCreated_isNotThere() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      var described = admin.describeTopics(List.of("never-created")).allTopicNames();

      assertThatThrownBy(described::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }
  }

  @Test
  void goingDownAndUp_keepsTheAddressAndTheData(@TempDir Path data) throws Exception {
    try (TestKafka mortal = TestKafka.down(data)) {
      String address = mortal.bootstrapServers();
      assertThat(answers(address)).isFalse();
      mortal.goUp();
      TopicProvisioning.provision(Map.of("bootstrap.servers", address), List.of());
      try (KafkaProbe before = new KafkaProbe(address)) {
        before.put(Topics.HEARTBEATS, "one", heartbeat("one"));
      }
      mortal.goDown();
      assertThat(answers(address)).isFalse();

      mortal.goUp();
      assertThat(mortal.bootstrapServers()).isEqualTo(address);
      try (KafkaProbe after = new KafkaProbe(address)) {
        assertThat(after.read(Topics.HEARTBEATS, all -> all.size() == 1)).hasSize(1);
      }
    }
  }

  @Test
  void closed_nobodyAnswersThereAndASecondTimeChangesNothing() {
    TestKafka closed = TestKafka.start();
    String address = closed.bootstrapServers();

    closed.close();
    closed.close();

    assertThat(answers(address)).isFalse();
  }

  private static boolean answers(String address) {
    int colon = address.lastIndexOf(':');
    var socketAddress =
        new InetSocketAddress(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    try (Socket socket = new Socket()) {
      socket.connect(socketAddress, 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Heartbeat heartbeat(String instance) {
    return Heartbeat.newBuilder()
        .setRole("test")
        .setInstance(instance)
        .setVersion("1")
        .setAtMillis(1)
        .setStartedAtMillis(1)
        .build();
  }
}
