package dev.switchgear.schemas.testing;

import dev.switchgear.schemas.embedded.EmbeddedKafka;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** In this process. */
final class EmbeddedBroker implements Broker {

  private final EmbeddedKafka.Options options;
  private @Nullable EmbeddedKafka running;
  private String address;

  private EmbeddedBroker(EmbeddedKafka.Options options, String address) {
    this.options = options;
    this.address = address;
  }

  static EmbeddedBroker onFreePort() {
    return new EmbeddedBroker(new EmbeddedKafka.Options(0, null), "");
  }

  static EmbeddedBroker on(int port, Path directory) {
    return new EmbeddedBroker(new EmbeddedKafka.Options(port, directory), "127.0.0.1:" + port);
  }

  @Override
  public String bootstrapServers() {
    return address;
  }

  @Override
  public void start() {
    EmbeddedKafka started = EmbeddedKafka.start(options);
    running = started;
    address = started.bootstrapServers();
  }

  @Override
  public void stop() {
    if (running != null) {
      running.close();
    }
    running = null;
  }

  @Override
  public void close() {
    stop();
  }
}
