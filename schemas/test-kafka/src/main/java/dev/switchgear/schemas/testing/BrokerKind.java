package dev.switchgear.schemas.testing;

import java.nio.file.Path;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;

/** Which Kafka the tests run on. */
enum BrokerKind {
  EMBEDDED,
  CONTAINERS;

  /** The broker of the same release as the clients. */
  private static final String DEFAULT_IMAGE = "apache/kafka:" + AppInfoParser.getVersion();

  static BrokerKind chosen() {
    return named(System.getProperty(TestKafka.BROKER));
  }

  static BrokerKind named(@Nullable String name) {
    if (name == null || name.equals("embedded")) {
      return EMBEDDED;
    }
    if (name.equals("containers")) {
      return CONTAINERS;
    }
    throw new IllegalArgumentException(
        TestKafka.BROKER + ": " + name + " (expected: embedded or containers)");
  }

  /** On a free port. */
  Broker create() {
    return switch (this) {
      case EMBEDDED -> EmbeddedBroker.onFreePort();
      case CONTAINERS -> ContainerBroker.onFreePort(image());
    };
  }

  /** Where the caller wants it. */
  Broker createAt(int port, Path directory) {
    return switch (this) {
      case EMBEDDED -> EmbeddedBroker.on(port, directory);
      case CONTAINERS -> ContainerBroker.on(port, image());
    };
  }

  private static String image() {
    return System.getProperty(TestKafka.IMAGE, DEFAULT_IMAGE);
  }
}
