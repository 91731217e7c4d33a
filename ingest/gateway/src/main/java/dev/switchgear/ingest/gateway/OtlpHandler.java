package dev.switchgear.ingest.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.switchgear.ingest.outlet.Outlet;
import dev.switchgear.ingest.outlet.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests by OTLP's rules: read, decode, make records, send, wait for Kafka. Every answer
 * but success has a {@code google.rpc.Status} as its body. Thread-safe.
 */
final class OtlpHandler implements HttpHandler, AutoCloseable {

  /**
   * Requests under way at once. Each may hold its body, the decoded messages and the records: some
   * 30 MiB at the default limit of 4 MiB, so 500 MiB at worst.
   */
  static final int REQUESTS = 16;

  private static final Logger LOG = LoggerFactory.getLogger(OtlpHandler.class);

  /** Longer than the outlet takes to know, at most. */
  private static final Duration KAFKA = Duration.ofSeconds(9);

  private static final Map<String, Signal> SIGNALS =
      List.of(new TraceSignal(), new LogSignal(), new MetricSignal()).stream()
          .collect(Collectors.toMap(Signal::path, Function.identity()));

  private final Outlet outlet;
  private final int bodyLimitBytes;
  private final Semaphore slots = new Semaphore(REQUESTS);
  private volatile boolean closing;

  OtlpHandler(Outlet outlet, int bodyLimitBytes) {
    this.outlet = outlet;
    this.bodyLimitBytes = bodyLimitBytes;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      answer(exchange).write(exchange);
    } finally {
      exchange.close();
    }
  }

  /** Refuses what comes, and waits a while for what is under way. */
  @Override
  public void close() {
    closing = true;
    try {
      boolean finished = slots.tryAcquire(REQUESTS, KAFKA.toMillis(), TimeUnit.MILLISECONDS);
      LOG.debug("Requests under way are finished: {}", finished);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Reply answer(HttpExchange exchange) throws IOException {
    Encoding given = Encoding.of(exchange.getRequestHeaders().getFirst("Content-Type"));
    Encoding encoding = given == null ? Encoding.JSON : given;
    try {
      Signal signal = signal(exchange);
      if (given == null) {
        throw new RequestException(
            Refusal.UNKNOWN_TYPE,
            "Content-Type: %s (expected: application/x-protobuf or application/json)"
                .formatted(exchange.getRequestHeaders().getFirst("Content-Type")));
      }
      return serve(exchange, signal, encoding);
    } catch (RequestException e) {
      return e.refusal().reply(encoding, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("Cannot serve {}", exchange.getRequestURI(), e);
      return Refusal.BROKEN.reply(encoding, "Internal error: " + e);
    }
  }

  private static Signal signal(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    Signal signal = SIGNALS.get(path);
    if (signal == null) {
      throw new RequestException(
          Refusal.NO_SUCH_PATH, "%s (expected: one of %s)".formatted(path, SIGNALS.keySet()));
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      throw new RequestException(
          Refusal.NOT_POST, exchange.getRequestMethod() + " " + path + " (expected: POST)");
    }
    return signal;
  }

  private Reply serve(HttpExchange exchange, Signal signal, Encoding encoding) throws IOException {
    if (closing) {
      throw new RequestException(Refusal.UNAVAILABLE, "Stopping");
    }
    if (!slots.tryAcquire()) {
      throw new RequestException(Refusal.BUSY, REQUESTS + " requests are under way");
    }
    try {
      byte[] body = Body.read(exchange, bodyLimitBytes);
      Intake intake = new Intake();
      signal.read(encoding.parse(body, signal.request()), intake);
      return send(signal, intake, encoding);
    } finally {
      slots.release();
    }
  }

  private Reply send(Signal signal, Intake intake, Encoding encoding) {
    if (intake.rejected() > 0) {
      outlet.drop(intake.rejected(), new IllegalArgumentException(intake.reason()));
    }
    return switch (await(outlet.send(intake.parcels()))) {
      case ARRIVED -> new Reply(200, encoding, encoding.write(signal.response(intake)), Map.of());
      case FULL -> throw new RequestException(Refusal.BUSY, "The buffer for Kafka is full");
      case LOST -> throw new RequestException(Refusal.UNAVAILABLE, "Kafka does not answer");
    };
  }

  private static Receipt await(Future<Receipt> receipt) {
    try {
      return receipt.get(KAFKA.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.debug("Kafka took longer than {}", KAFKA, e);
      return Receipt.LOST;
    } catch (ExecutionException e) {
      throw new IllegalStateException("No receipt", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Receipt.LOST;
    }
  }
}
