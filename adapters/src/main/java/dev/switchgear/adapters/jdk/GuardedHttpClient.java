package dev.switchgear.adapters.jdk;

import dev.switchgear.adapters.Attempt;
import dev.switchgear.adapters.CallRefusedException;
import dev.switchgear.adapters.Guards;
import dev.switchgear.guard.Deadline;
import dev.switchgear.guard.Refusal;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * An {@code HttpClient} that makes requests only if their breakers let it. Thread-safe.
 *
 * <pre>{@code
 * HttpClient client =
 *     GuardedHttpClient.of(HttpClient.newHttpClient(), Guards.named(gear, "payments"));
 * }</pre>
 *
 * <p>A refused request ends in a {@link CallRefusedException}. A request waits no longer than its
 * guard and its caller allow, its body included where the body's handler reads it; what is left
 * goes out as {@link Deadline#HEADER}. A status of 400 or more is told as an error of that name,
 * and the policy says which of them are the dependency's. The response is given as it came.
 *
 * <p>A request is over, for the breaker and its bulkhead, when its response is there: one whose
 * body is read later, from a stream, holds nothing meanwhile. WebSockets are not guarded.
 */
public final class GuardedHttpClient extends HttpClient {

  private final HttpClient client;
  private final Guards<HttpRequest> guards;

  private GuardedHttpClient(HttpClient client, Guards<HttpRequest> guards) {
    this.client = client;
    this.guards = guards;
  }

  /** Around a client. */
  public static HttpClient of(HttpClient client, Guards<HttpRequest> guards) {
    return new GuardedHttpClient(client, guards);
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    Attempt attempt = guards.attempt(request);
    Refusal refusal = attempt.refusal();
    if (refusal != null) {
      throw new CallRefusedException(refusal);
    }
    return attempt.deadline().isPresent()
        ? Exchange.await(start(attempt, request, sent -> client.sendAsync(sent, handler)))
        : send(attempt, request, handler);
  }

  @SuppressWarnings("try") // The scope is there to be closed.
  private <T> HttpResponse<T> send(Attempt attempt, HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    try (Scope scope = attempt.context().makeCurrent()) {
      HttpResponse<T> response = client.send(request, handler);
      attempt.status(response.statusCode());
      return response;
    } catch (IllegalArgumentException | SecurityException e) { // It never left.
      attempt.cancelled();
      throw e;
    } catch (Throwable e) {
      attempt.thrown(e);
      throw e;
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return start(request, sent -> client.sendAsync(sent, handler));
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) {
    return start(request, sent -> client.sendAsync(sent, handler, pushes));
  }

  private <T> CompletableFuture<HttpResponse<T>> start(
      HttpRequest request, Function<HttpRequest, CompletableFuture<HttpResponse<T>>> sender) {
    Attempt attempt = guards.attempt(request);
    Refusal refusal = attempt.refusal();
    return refusal == null
        ? start(attempt, request, sender)
        : CompletableFuture.failedFuture(new CallRefusedException(refusal));
  }

  @SuppressWarnings("try") // The scope is there to be closed.
  private <T> CompletableFuture<HttpResponse<T>> start(
      Attempt attempt,
      HttpRequest request,
      Function<HttpRequest, CompletableFuture<HttpResponse<T>>> sender) {
    try (Scope scope = attempt.context().makeCurrent()) {
      return Exchange.start(attempt, request, elsewhere(), sender);
    } catch (Throwable e) { // It never left.
      attempt.cancelled();
      throw e;
    }
  }

  /** The client's own threads, or those on which everything asynchronous runs by default. */
  private Executor elsewhere() {
    return client.executor().orElseGet(new CompletableFuture<>()::defaultExecutor);
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return client.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return client.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return client.followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return client.proxy();
  }

  @Override
  public SSLContext sslContext() {
    return client.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return client.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return client.authenticator();
  }

  @Override
  public Version version() {
    return client.version();
  }

  @Override
  public Optional<Executor> executor() {
    return client.executor();
  }

  @Override
  public WebSocket.Builder newWebSocketBuilder() {
    return client.newWebSocketBuilder();
  }

  /** Closes the client beneath, where clients can be closed: from Java 21 on. */
  public void close() throws Exception {
    if (client instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }
}
