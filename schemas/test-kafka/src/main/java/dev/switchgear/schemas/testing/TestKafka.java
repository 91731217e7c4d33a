package dev.switchgear.schemas.testing;

import java.nio.file.Path;

/**
 * A real Kafka for a test: one node, everything with one replica, topics not created by using them.
 *
 * <p>Embedded in this process, unless the system property {@value #BROKER} is {@code containers}:
 * then Testcontainers starts the image named by {@value #IMAGE}. A test cannot tell which it got.
 */
public final class TestKafka implements AutoCloseable {

  /** {@code embedded}, the default, or {@code containers}. */
  public static final String BROKER = "switchgear.test.kafka";

  /** The image for containers; it must start as {@code apache/kafka} does. */
  public static final String IMAGE = "switchgear.test.kafka.image";

  private final Broker broker;

  private TestKafka(Broker broker) {
    this.broker = broker;
  }

  /** Starts one, and returns when clients can connect. */
  public static TestKafka start() {
    Broker broker = BrokerKind.chosen().create();
    broker.start();
    return new TestKafka(broker);
  }

  /**
   * One that is down at first, but whose address is known. It can be started and stopped again and
   * again, and keeps its address and its data.
   *
   * @param directory empty, and deleted by the caller; a container keeps its data in itself
   */
  public static TestKafka down(Path directory) {
    return new TestKafka(BrokerKind.chosen().createAt(FreePort.find(), directory));
  }

  /** Address for clients: {@code host:port}. */
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** Brings up one that is down, and returns when clients can connect. */
  public void goUp() {
    broker.start();
  }

  /** Takes it down, as it would go with its machine. What {@link #start} started stays down. */
  public void goDown() {
    broker.stop();
  }

  /** Takes it down for good. A second call does nothing. */
  @Override
  public void close() {
    broker.close();
  }
}
