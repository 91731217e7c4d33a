package dev.switchgear.schemas.testing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** In a container of its own. */
final class ContainerBroker implements Broker {

  /** The image starts three virtual machines in a row, on a machine that may be busy. */
  private static final Duration START_BOUND = Duration.ofMinutes(3);

  private static final String COMPATIBLE = "apache/kafka";

  /** As the embedded broker has them. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false",
          "KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "4",
          "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000",
          "KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "500",
          "KAFKA_GROUP_STREAMS_INITIAL_REBALANCE_DELAY_MS", "0");

  private static final String NO_ENGINE =
      TestKafka.BROKER
          + "=containers, but no Docker engine answers: start one, or let DOCKER_HOST name one that"
          + " runs, or leave the property out to test on the embedded broker";

  private final String image;
  private final KafkaContainer container;
  private String address;

  private ContainerBroker(String image, KafkaContainer container, String address) {
    this.image = image;
    this.container = container;
    this.address = address;
  }

  static ContainerBroker onFreePort(String image) {
    return new ContainerBroker(image, container(image), "");
  }

  static ContainerBroker on(int port, String image) {
    KafkaContainer container = container(image);
    container.setPortBindings(List.of(port + ":9092"));
    return new ContainerBroker(image, container, container.getHost() + ":" + port);
  }

  private static KafkaContainer container(String image) {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IllegalStateException(NO_ENGINE);
    }
    DockerImageName name = DockerImageName.parse(image).asCompatibleSubstituteFor(COMPATIBLE);
    return new KafkaContainer(name).withEnv(SETTINGS).withStartupTimeout(START_BOUND);
  }

  @Override
  public String bootstrapServers() {
    return address;
  }

  @Override
  public void start() {
    if (container.getContainerId() == null) {
      launch();
    } else {
      container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
      awaitAnswer();
    }
  }

  private void launch() {
    try {
      container.start();
    } catch (ContainerFetchException e) {
      throw new IllegalStateException(noImage(), e);
    }
    address = container.getBootstrapServers();
  }

  private String noImage() {
    return image
        + " cannot be had: pull it, or build one with schemas/test-kafka/image/build and name it"
        + " with -D"
        + TestKafka.IMAGE;
  }

  /** The log line that Testcontainers waits for is there from the first start. */
  private void awaitAnswer() {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            address,
            "default.api.timeout.ms",
            Math.toIntExact(START_BOUND.toMillis()));
    try (Admin admin = Admin.create(config)) {
      admin.describeCluster().nodes().get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(address + " does not answer: " + container.getLogs(), e);
    }
  }

  /** Without a grace period, in which a broker would say farewell to its clients. */
  @Override
  public void stop() {
    container.getDockerClient().stopContainerCmd(container.getContainerId()).withTimeout(0).exec();
  }

  @Override
  public void close() {
    container.stop();
  }
}
