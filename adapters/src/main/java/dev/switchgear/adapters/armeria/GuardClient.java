package dev.switchgear.adapters.armeria;

import com.linecorp.armeria.client.ClientRequestContext;
import com.linecorp.armeria.client.HttpClient;
import com.linecorp.armeria.client.ResponseTimeoutException;
import com.linecorp.armeria.client.SimpleDecoratingHttpClient;
import com.linecorp.armeria.client.UnprocessedRequestException;
import com.linecorp.armeria.common.CancellationException;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.TimeoutException;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import com.linecorp.armeria.common.stream.CancelledSubscriptionException;
import dev.switchgear.adapters.Attempt;
import dev.switchgear.adapters.CallRefusedException;
import dev.switchgear.adapters.Guards;
import dev.switchgear.guard.Deadline;
import dev.switchgear.guard.Refusal;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Makes requests only if their breakers let it. Thread-safe.
 *
 * <pre>{@code
 * WebClient.builder("http://payments:8080")
 *     .decorator(GuardClient.newDecorator(Guards.named(gear, "payments")))
 * }</pre>
 *
 * <p>A refused request ends in a {@link CallRefusedException}. What the guard and the caller leave
 * of the time bounds all of a request, from its connection to the end of the body, beside the
 * timeouts that the client has, and goes out as {@link Deadline#HEADER}. A status of 400 or more is
 * told as an error of that name, and the policy says which of them are the dependency's. The
 * response is given as it came.
 *
 * <p>A request is over, for the breaker and its bulkhead, when its headers are there: one whose
 * body is not read holds nothing. The caller's deadline is that of the thread which asks, so a
 * client that retries is decorated after this one.
 */
public final class GuardClient extends SimpleDecoratingHttpClient {

  private final Guards<ClientRequestContext> guards;

  private GuardClient(HttpClient delegate, Guards<ClientRequestContext> guards) {
    super(delegate);
    this.guards = guards;
  }

  /** For {@code ClientBuilder.decorator}. */
  public static Function<? super HttpClient, GuardClient> newDecorator(
      Guards<ClientRequestContext> guards) {
    return delegate -> new GuardClient(delegate, guards);
  }

  @Override
  public HttpResponse execute(ClientRequestContext context, HttpRequest request) throws Exception {
    Attempt attempt = guards.attempt(context);
    Refusal refusal = attempt.refusal();
    if (refusal != null) {
      throw new CallRefusedException(refusal);
    }
    attempt.deadline().ifPresent(deadline -> limit(context, deadline));
    HttpResponse response = send(attempt, context, request);
    CompletionStage<RequestLog> answered =
        context.log().whenAvailable(RequestLogProperty.RESPONSE_HEADERS);
    answered.thenAccept(log -> count(attempt, log));
    attempt.deadline().ifPresent(deadline -> endAt(deadline, context, response));
    return response;
  }

  @SuppressWarnings("try") // The scope is there to be closed.
  private HttpResponse send(Attempt attempt, ClientRequestContext context, HttpRequest request)
      throws Exception {
    try (Scope scope = attempt.context().makeCurrent()) {
      return unwrap().execute(context, request);
    } catch (Throwable e) {
      attempt.thrown(e);
      throw e;
    }
  }

  private static void limit(ClientRequestContext context, Deadline deadline) {
    long own = context.responseTimeoutMillis();
    long left = Math.max(1, deadline.remaining().toMillis());
    if (own == 0 || left < own) {
      context.setResponseTimeout(Duration.ofMillis(left));
    }
    context.setAdditionalRequestHeader(Deadline.HEADER, deadline.headerValue());
  }

  /** The response timeout does not do: it begins when the request is written, by default. */
  private static void endAt(
      Deadline deadline, ClientRequestContext context, HttpResponse response) {
    long left = Math.max(1, deadline.remaining().toNanos());
    ScheduledExecutorService loop = context.eventLoop().withoutContext();
    Future<?> timer = loop.schedule(() -> timeOut(context, response), left, TimeUnit.NANOSECONDS);
    CompletionStage<RequestLog> ended =
        context.log().whenAvailable(RequestLogProperty.RESPONSE_END_TIME);
    ended.thenAccept(log -> timer.cancel(false));
  }

  /** Where a client within retries, this is not the context of its attempts, but their answer. */
  private static void timeOut(ClientRequestContext context, HttpResponse response) {
    context.timeoutNow();
    response.abort(ResponseTimeoutException.get());
  }

  private static void count(Attempt attempt, RequestLog log) {
    boolean failed = log.isAvailable(RequestLogProperty.RESPONSE_CAUSE);
    Throwable cause = failed ? log.responseCause() : null;
    Throwable thrown = cause instanceof UnprocessedRequestException ? cause.getCause() : cause;
    if (thrown == null) {
      attempt.status(log.responseHeaders().status().code());
    } else if (isGivenUp(thrown)) {
      attempt.cancelled();
    } else {
      attempt.thrown(thrown);
    }
  }

  /** To Armeria, a timeout is one of the ways to cancel. */
  private static boolean isGivenUp(Throwable thrown) {
    boolean cancelled =
        thrown instanceof CancellationException && !(thrown instanceof TimeoutException);
    return cancelled
        || thrown instanceof AbortedStreamException
        || thrown instanceof CancelledSubscriptionException;
  }
}
