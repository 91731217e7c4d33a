package dev.switchgear.schemas.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.schemas.embedded.EmbeddedKafka.Options;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {

  private static final String TOPIC = "letters";

  @TempDir private Path scratch;

  @Test
  void whatIsProducedIsConsumed_alsoInTransactionsAndGroups() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      Cluster cluster = new Cluster(kafka.bootstrapServers());
      cluster.create(new NewTopic(TOPIC, 4, (short) 1));

      cluster.sendInTransaction(TOPIC, List.of("a", "b", "c"));

      assertThat(cluster.readWithGroup(TOPIC, 3)).containsExactlyInAnyOrder("a", "b", "c");
    }
  }

  @Test
  void usingAnUnknownTopic_doesNotCreateIt() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start();
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      assertThatThrownBy(
              () -> admin.describeTopics(List.of(TOPIC)).allTopicNames().get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
    }
  }

  @Test
  void aGivenDirectory_keepsTopicsAndRecordsAcrossRestarts() {
    Options options = new Options(0, scratch.resolve("not-there-yet"));
    try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
      Cluster cluster = new Cluster(kafka.bootstrapServers());
      cluster.create(new NewTopic(TOPIC, 1, (short) 1));
      cluster.send(TOPIC, List.of("a"));
    }
    try (EmbeddedKafka kafka = EmbeddedKafka.start(options)) {
      Cluster cluster = new Cluster(kafka.bootstrapServers());
      cluster.send(TOPIC, List.of("b"));
      assertThat(cluster.readWithGroup(TOPIC, 2)).containsExactly("a", "b");
    }
  }

  @Test
  void aGivenDirectory_keepsWhatWasAcknowledgedBeforeTheProcessWasKilled() throws Exception {
    Path data = scratch.resolve("data");
    Process child = ChildJvm.start(data.toString(), TOPIC, "acknowledged");
    ChildJvm.awaitReady(child);
    child.destroyForcibly();
    assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();

    try (EmbeddedKafka kafka = EmbeddedKafka.start(new Options(0, data))) {
      Cluster cluster = new Cluster(kafka.bootstrapServers());
      assertThat(cluster.readWithGroup(TOPIC, 1)).containsExactly("acknowledged");
      cluster.send(TOPIC, List.of("and on"));
    }
  }

  @Test
  void aTemporaryDirectory_isDeletedOnClose() {
    Path directory;
    try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
      directory = kafka.dataDirectory();
      assertThat(directory).isDirectoryContaining(file -> file.endsWith("meta.properties"));
    }
    assertThat(directory).doesNotExist();
  }

  @Test
  void aTemporaryDirectory_isDeletedWhenTheProgramEndsWithoutClosing() throws Exception {
    Process child = ChildJvm.start("", TOPIC, "a");
    Path directory = Path.of(ChildJvm.awaitReady(child));
    assertThat(directory).isDirectory();

    child.getOutputStream().close();

    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(directory).doesNotExist();
  }

  @Test
  void aTakenPort_isRefusedBeforeAnythingIsWritten() throws Exception {
    Path data = scratch.resolve("data");
    try (ServerSocket taken = listen()) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> EmbeddedKafka.start(new Options(port, data)))
          .isInstanceOf(PortInUseException.class)
          .hasMessageContaining("Port " + port + " is taken")
          .hasMessageContaining("choose another port");
    }
    assertThat(data).doesNotExist();
  }

  @Test
  void aGivenPort_isUsed_andFreeAgainAfterClose() throws Exception {
    int port;
    try (ServerSocket free = listen()) {
      port = free.getLocalPort();
    }
    for (int start = 0; start < 2; start++) {
      try (EmbeddedKafka kafka = EmbeddedKafka.start(new Options(port, null))) {
        assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
      }
    }
  }

  @Test
  void aDirectoryInUse_isRefused_andItsOwnerGoesOn() {
    Path data = scratch.resolve("data");
    try (EmbeddedKafka owner = EmbeddedKafka.start(new Options(0, data))) {
      assertThatThrownBy(() -> EmbeddedKafka.start(new Options(0, data)))
          .isInstanceOf(DataDirectoryException.class)
          .hasMessageContaining(data.toString())
          .hasMessageContaining("in use");
      new Cluster(owner.bootstrapServers()).create(new NewTopic(TOPIC, 1, (short) 1));
    }
  }

  @Test
  void aDirectoryWithOtherFiles_isRefusedAndLeftAlone() throws Exception {
    Files.writeString(scratch.resolve("thesis.txt"), "years of work");
    assertThatThrownBy(() -> EmbeddedKafka.start(new Options(0, scratch)))
        .isInstanceOf(DataDirectoryException.class)
        .hasMessageContaining(scratch.toString())
        .hasMessageContaining("other files");
    assertThat(scratch).isDirectoryNotContaining(file -> !file.endsWith("thesis.txt"));
  }

  @Test
  void aFileInPlaceOfTheDirectory_isRefused() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "");
    assertThatThrownBy(() -> EmbeddedKafka.start(new Options(0, file)))
        .isInstanceOf(DataDirectoryException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void aPortOutOfRange_isRefused() {
    assertThatThrownBy(() -> new Options(65_536, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port: 65536 (expected: 0..65535)");
  }

  @Test
  void closingTwice_doesNothing() {
    EmbeddedKafka kafka = EmbeddedKafka.start();
    kafka.close();
    kafka.close();
    assertThat(kafka.dataDirectory()).doesNotExist();
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
  }
}
