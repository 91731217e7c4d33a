package dev.switchgear.schemas.testing;

/** What a {@link TestKafka} is made of. */
sealed interface Broker permits EmbeddedBroker, ContainerBroker {

  String bootstrapServers();

  /** Returns when clients can connect. */
  void start();

  void stop();

  /** Stops for good, and lets go of everything. A second call does nothing. */
  void close();
}
