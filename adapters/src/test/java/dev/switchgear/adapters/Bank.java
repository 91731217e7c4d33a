package dev.switchgear.adapters;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.switchgear.guard.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A real HTTP server to call: {@code /status/N} answers N with a body, {@code /deadline} takes note
 * of the caller's, {@code /hangs} does not answer, {@code /half} not beyond half of the body.
 */
public final class Bank implements AutoCloseable {

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicReference<String> deadline = new AtomicReference<>("");
  private final HttpServer server;

  public Bank() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/status/", Bank::answer);
    server.createContext("/deadline", this::takeNote);
    server.createContext("/hangs", exchange -> hang(exchange, false));
    server.createContext("/half", exchange -> hang(exchange, true));
    server.start();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** Waits for a request that then hangs. */
  public void awaitArrival() throws InterruptedException {
    arrived.await();
  }

  /** Whether a request that hangs has come. */
  public boolean hasSeenAnArrival() {
    return arrived.getCount() == 0;
  }

  /** What the last caller said that it has left, in milliseconds. */
  public long millisSeen() {
    return Long.parseLong(deadline.get());
  }

  /** From now on nobody listens. */
  public void stopListening() {
    server.stop(0);
  }

  @Override
  public void close() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    exchange.sendResponseHeaders(Integer.parseInt(path.substring("/status/".length())), 4);
    exchange.getResponseBody().write("body".getBytes(UTF_8));
    exchange.close();
  }

  private void takeNote(HttpExchange exchange) throws IOException {
    deadline.set(exchange.getRequestHeaders().getFirst(Deadline.HEADER));
    exchange.sendResponseHeaders(204, -1);
    exchange.close();
  }

  private void hang(HttpExchange exchange, boolean afterHalf) throws IOException {
    if (afterHalf) {
      exchange.sendResponseHeaders(200, 4);
      exchange.getResponseBody().write("bo".getBytes(UTF_8));
      exchange.getResponseBody().flush();
    }
    arrived.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }
}
