package dev.switchgear.gamedays.shop;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.switchgear.gamedays.http.Json;
import io.opentelemetry.context.Scope;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Another service as one instance calls it: round robin over its instances. Thread-safe. */
final class Peer {

  /** Epoch milliseconds from which on the callee should not begin what the caller asks for. */
  static final String DEADLINE = "x-deadline-millis";

  /** How long a caller waits for the whole answer. */
  static final Duration TIMEOUT = Duration.ofMillis(1_500);

  /**
   * The deadline lies this much before the end of the wait. It covers the way back of the answer
   * and the difference between the clocks.
   */
  static final Duration DEADLINE_MARGIN = Duration.ofMillis(200);

  private final Callee callee;
  private final HttpClient client;
  private final Telemetry telemetry;
  private final AtomicInteger turn = new AtomicInteger();

  Peer(Callee callee, HttpClient client, Telemetry telemetry) {
    this.callee = callee;
    this.client = client;
    this.telemetry = telemetry;
  }

  <T> T get(String path, String parameter, String value, Class<T> type)
      throws CallFailedException, InterruptedException {
    String query = parameter + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    URI uri = next().resolve(path + "?" + query);
    return call(HttpRequest.newBuilder(uri).GET(), path, type);
  }

  <T> T post(String path, Map<String, String> headers, Object body, Class<T> type)
      throws CallFailedException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(next().resolve(path))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(Json.write(body)));
    headers.forEach(request::setHeader);
    return call(request, path, type);
  }

  private URI next() {
    int index = Math.floorMod(turn.getAndIncrement(), callee.addresses().size());
    return callee.addresses().get(index);
  }

  @SuppressWarnings("try") // the scope is only ever closed
  private <T> T call(HttpRequest.Builder request, String route, Class<T> type)
      throws CallFailedException, InterruptedException {
    long deadline = System.currentTimeMillis() + TIMEOUT.minus(DEADLINE_MARGIN).toMillis();
    request.setHeader(DEADLINE, Long.toString(deadline));
    ClientCall call = telemetry.startCall(callee.service().key(), route, request);
    try (Scope scope = call.span().makeCurrent()) {
      T answer = read(exchange(request.build()), type);
      callee.traffic().record(call.succeeded(), false);
      return answer;
    } catch (CallFailedException e) {
      callee.traffic().record(call.failed(e), true);
      throw e;
    } catch (InterruptedException e) {
      call.abandoned();
      throw e;
    }
  }

  private static <T> T read(HttpResponse<String> response, Class<T> type)
      throws CallFailedException {
    if (response.statusCode() != 200) {
      throw CallFailedException.status(response.statusCode(), response.body());
    }
    try {
      return Json.read(response.body(), type);
    } catch (JsonProcessingException e) {
      throw CallFailedException.unanswered("corrupt_body", e.getOriginalMessage(), e);
    }
  }

  /** Waits for the whole answer; the client's own timeout would end with its headers. */
  private HttpResponse<String> exchange(HttpRequest request)
      throws CallFailedException, InterruptedException {
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request, BodyHandlers.ofString());
    try {
      return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw CallFailedException.unanswered(
          "timeout", "no answer within " + TIMEOUT.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private CallFailedException failure(@Nullable Throwable cause) {
    if (cause instanceof ConnectException) {
      callee.refusedConnections().increment();
      return CallFailedException.unanswered("connection_refused", "nothing listens", cause);
    }
    return CallFailedException.unanswered("connection_lost", String.valueOf(cause), cause);
  }
}
