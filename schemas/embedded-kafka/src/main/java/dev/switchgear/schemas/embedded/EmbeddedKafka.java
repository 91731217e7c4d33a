package dev.switchgear.schemas.embedded;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka in this process: one KRaft node, broker and controller at once, listening on the
 * loopback address only. Topics are not created by using them, and everything has one replica.
 *
 * <p>Thread-safe. Stopped by {@link #close}, at the latest when the virtual machine shuts down.
 */
public final class EmbeddedKafka implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

  private final Sockets sockets;
  private final DataDirectory directory;
  private final Node node;
  private final Thread hook = new Thread(this::stop, "switchgear-embedded-kafka-hook");
  private boolean stopped;

  private EmbeddedKafka(Sockets sockets, DataDirectory directory, Node node) {
    this.sockets = sockets;
    this.directory = directory;
    this.node = node;
  }

  /**
   * Where to listen and where to keep data.
   *
   * @param port 1..65535, or 0 for a free one
   * @param dataDirectory kept and used again by the next start; null for a temporary one that is
   *     deleted on close
   */
  public record Options(int port, @Nullable Path dataDirectory) {
    public Options {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
      }
    }
  }

  /** Starts on a free port with a temporary directory, which is deleted on close. */
  public static EmbeddedKafka start() {
    return start(new Options(0, null));
  }

  /**
   * Starts, and returns when clients can connect.
   *
   * @throws PortInUseException if the port is taken; nothing was written then
   * @throws DataDirectoryException if the directory cannot be used
   */
  public static EmbeddedKafka start(Options options) {
    Sockets sockets = Sockets.bind(options.port());
    try {
      return start(sockets, DataDirectory.open(options.dataDirectory()));
    } catch (RuntimeException | Error e) {
      sockets.close();
      throw e;
    }
  }

  private static EmbeddedKafka start(Sockets sockets, DataDirectory directory) {
    try {
      Node node = Node.start(sockets, directory.path());
      var kafka = new EmbeddedKafka(sockets, directory, node);
      Runtime.getRuntime().addShutdownHook(kafka.hook);
      return kafka;
    } catch (RuntimeException | Error e) {
      directory.close();
      throw e;
    }
  }

  /** Address for clients: {@code host:port}. */
  public String bootstrapServers() {
    return sockets.bootstrapServers();
  }

  /**
   * Leaves it to the caller to close when the virtual machine shuts down: shutdown hooks run side
   * by side, and a program that closes its Kafka clients in one needs the broker until it has.
   */
  public EmbeddedKafka withoutShutdownHook() {
    removeHook();
    return this;
  }

  /** Stops within 20 seconds, and deletes a temporary directory. A second call does nothing. */
  @Override
  public void close() {
    stop();
    removeHook();
  }

  Path dataDirectory() {
    return directory.path();
  }

  private synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    if (!node.stop(CLOSE_TIMEOUT)) {
      LOG.warn("Not stopped within {}; leaving {}", CLOSE_TIMEOUT, directory.path());
      return;
    }
    sockets.close();
    directory.close();
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("The virtual machine is shutting down already", e);
    }
  }
}
