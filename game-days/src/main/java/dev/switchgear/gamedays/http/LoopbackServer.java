package dev.switchgear.gamedays.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server on a loopback port of its own, which can refuse connections for a while and then
 * listen on the same port again. Thread-safe.
 */
public final class LoopbackServer implements AutoCloseable {

  static {
    // Without it each response waits for a delayed acknowledgement, 40 ms on Linux. The JDK reads
    // it once, before its first server.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(LoopbackServer.class);

  /** Orders and queries are far below 1 KiB. */
  private static final int BODY_LIMIT_BYTES = 64 * 1024;

  private static final int BACKLOG = 256;
  private static final Duration BIND_TIMEOUT = Duration.ofSeconds(5);
  private static final long BIND_PAUSE_MILLIS = 5;

  private final Handler handler;
  private final ExecutorService threads;
  private final InetSocketAddress address;
  private @Nullable HttpServer listening;

  /** Bound but not listening: while the port is closed, nobody else may get it. */
  private @Nullable SocketChannel reserved;

  private LoopbackServer(ExecutorService threads, Handler handler) throws IOException {
    this.handler = handler;
    this.threads = threads;
    HttpServer server = serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    this.address = server.getAddress();
    this.listening = server;
  }

  /**
   * Starts to listen on a free port.
   *
   * @param threads handle requests; they end with the server
   */
  public static LoopbackServer start(ExecutorService threads, Handler handler) {
    try {
      return new LoopbackServer(threads, handler);
    } catch (IOException e) {
      throw new UncheckedIOException("No loopback port is free", e);
    }
  }

  /** Where it listens, without a path. */
  public URI uri() {
    return URI.create("http://" + address.getHostString() + ":" + address.getPort());
  }

  /** Cuts every connection; from now on new ones are refused. */
  public synchronized void closePort() throws IOException {
    if (listening == null) {
      return;
    }
    listening.stop(0);
    listening = null;
    reserved = untilBound(LoopbackServer::reserve);
  }

  /** Listens again, on the same port. */
  public synchronized void openPort() throws IOException {
    if (listening != null) {
      return;
    }
    release();
    listening = untilBound(this::serve);
  }

  /** Cuts every connection and ends. */
  @Override
  public synchronized void close() throws IOException {
    if (listening != null) {
      listening.stop(0);
      listening = null;
    }
    release();
    threads.shutdownNow();
  }

  private void release() throws IOException {
    if (reserved != null) {
      reserved.close();
      reserved = null;
    }
  }

  private interface Binding<T> {
    T bind(InetSocketAddress address) throws IOException;
  }

  /** The JDK's server gives its port back some milliseconds after it was stopped. */
  private <T> T untilBound(Binding<T> binding) throws IOException {
    long deadline = System.nanoTime() + BIND_TIMEOUT.toNanos();
    while (true) {
      try {
        return binding.bind(address);
      } catch (BindException e) {
        if (System.nanoTime() - deadline > 0) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(BIND_PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a port", e);
    }
  }

  private static SocketChannel reserve(InetSocketAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      return channel.bind(address);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private HttpServer serve(InetSocketAddress at) throws IOException {
    HttpServer server = HttpServer.create(at, BACKLOG);
    server.setExecutor(threads);
    server.createContext("/", this::exchange);
    server.start();
    return server;
  }

  private void exchange(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(BODY_LIMIT_BYTES + 1);
    if (body.length > BODY_LIMIT_BYTES) {
      send(exchange, Reply.problem(413, "body over " + BODY_LIMIT_BYTES + " bytes"));
      return;
    }
    var unused =
        handler
            .handle(request(exchange, new String(body, StandardCharsets.UTF_8)))
            .whenComplete((reply, failure) -> send(exchange, replyOrError(reply, failure)));
  }

  private static Reply replyOrError(@Nullable Reply reply, @Nullable Throwable failure) {
    if (reply != null) {
      return reply;
    }
    LOG.warn("A handler failed", failure);
    return Reply.problem(500, String.valueOf(failure));
  }

  private static Request request(HttpExchange exchange, String body) {
    URI uri = exchange.getRequestURI();
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
    return new Request(
        exchange.getRequestMethod(), uri.getPath(), query(uri.getRawQuery()), headers, body);
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> parameters = new HashMap<>();
    if (raw == null) {
      return parameters;
    }
    for (String each : raw.split("&", -1)) {
      int equals = each.indexOf('=');
      if (equals > 0) {
        parameters.put(
            URLDecoder.decode(each.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  private static void send(HttpExchange exchange, Reply reply) {
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      reply.headers().forEach(exchange.getResponseHeaders()::set);
      exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      LOG.debug("The caller of {} is gone", exchange.getRequestURI(), e);
    }
  }
}
