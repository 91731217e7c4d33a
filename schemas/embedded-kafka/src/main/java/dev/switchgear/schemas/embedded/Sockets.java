package dev.switchgear.schemas.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's two listening sockets, bound before the node exists: so that a taken port is known
 * before anything is written, and a free port is known before the node is told its own address.
 * Both are on the loopback address. Closing twice, or after the node has closed them, does nothing.
 */
final class Sockets implements ServerSocketFactory, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Sockets.class);

  static final String CLIENTS = "CLIENTS";
  static final String CONTROLLER = "CONTROLLER";

  private static final String HOST = "127.0.0.1";
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  /** Connections waiting to be accepted; a fleet of instances may connect at once. */
  private static final int BACKLOG = 256;

  private final ServerSocketChannel clients;
  private final ServerSocketChannel controller;

  private Sockets(ServerSocketChannel clients, ServerSocketChannel controller) {
    this.clients = clients;
    this.controller = controller;
  }

  static Sockets bind(int port) {
    try {
      ServerSocketChannel clients = bindOne(port);
      try {
        return new Sockets(clients, bindOne(0));
      } catch (IOException e) {
        clients.close();
        throw e;
      }
    } catch (BindException e) {
      if (String.valueOf(e.getMessage()).contains("Permission denied")) {
        throw new UncheckedIOException("Port " + port + " is privileged: choose one above 1023", e);
      }
      throw new PortInUseException(port, e);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on " + HOST + ":" + port, e);
    }
  }

  private static ServerSocketChannel bindOne(int port) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      return channel.bind(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), BACKLOG);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  String bootstrapServers() {
    return address(clients);
  }

  String controllerAddress() {
    return address(controller);
  }

  private static String address(ServerSocketChannel channel) {
    return HOST + ":" + channel.socket().getLocalPort();
  }

  @Override
  public ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBufferBytes) {
    return listener.equals(CONTROLLER) ? controller : clients;
  }

  @Override
  public void close() {
    try (clients;
        controller) {
      LOG.trace("Closing {} and {}", clients, controller);
    } catch (IOException e) {
      LOG.warn("Cannot close the sockets", e);
    }
  }
}
