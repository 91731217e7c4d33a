package dev.switchgear.adapters.jdk;

import dev.switchgear.adapters.Attempt;
import dev.switchgear.guard.Deadline;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request that runs, as its caller holds it: counted before the caller is told how it ended, and
 * ended by the caller's cancelling and by the deadline. The client's own timeout ends with the
 * headers; the deadline bounds the body as well.
 */
final class Exchange<T> {

  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final Attempt attempt;
  private final CompletableFuture<HttpResponse<T>> sent;

  private Exchange(Attempt attempt, CompletableFuture<HttpResponse<T>> sent) {
    this.attempt = attempt;
    this.sent = sent;
  }

  /**
   * Sends, with what is left of the time if that has an end.
   *
   * @param elsewhere where callers are told that the time is over: what they do then may take long,
   *     and the thread that measures it is that of the whole process
   */
  static <T> CompletableFuture<HttpResponse<T>> start(
      Attempt attempt,
      HttpRequest request,
      Executor elsewhere,
      Function<HttpRequest, CompletableFuture<HttpResponse<T>>> sender) {
    Deadline deadline = attempt.deadline().orElse(null);
    if (deadline == null) {
      return new Exchange<>(attempt, sender.apply(request)).endless();
    }
    Duration remaining = deadline.remaining();
    Duration left = remaining.compareTo(SHORTEST) < 0 ? SHORTEST : remaining;
    return new Exchange<>(attempt, sender.apply(within(request, left, deadline)))
        .until(left, elsewhere);
  }

  /** Waits as the client itself does: interrupted, it cancels. */
  static <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> running)
      throws IOException, InterruptedException {
    try {
      return running.get();
    } catch (InterruptedException e) {
      running.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      throw thrown(e.getCause());
    }
  }

  private static IOException thrown(@Nullable Throwable cause) {
    if (cause instanceof RuntimeException exception) {
      throw exception;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof IOException exception ? exception : new IOException(cause);
  }

  private static HttpRequest within(HttpRequest request, Duration left, Deadline deadline) {
    Duration own = request.timeout().filter(each -> each.compareTo(left) < 0).orElse(left);
    return HttpRequest.newBuilder(request, (name, value) -> true)
        .setHeader(Deadline.HEADER, deadline.headerValue())
        .timeout(own)
        .build();
  }

  private CompletableFuture<HttpResponse<T>> endless() {
    return cancelling(sent.whenComplete(this::count));
  }

  private CompletableFuture<HttpResponse<T>> until(Duration left, Executor elsewhere) {
    return cancelling(
        sent.whenComplete(this::count)
            .orTimeout(left.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete((response, thrown) -> expire(thrown))
            .exceptionallyComposeAsync(
                thrown -> CompletableFuture.failedFuture(told(thrown, left)), elsewhere));
  }

  private void count(@Nullable HttpResponse<T> response, @Nullable Throwable thrown) {
    if (response != null) {
      attempt.status(response.statusCode());
    } else if (thrown != null) {
      attempt.thrown(thrown);
    }
  }

  /** Counted first: what is cancelled then is no cancellation of the caller's. */
  private void expire(@Nullable Throwable thrown) {
    if (thrown instanceof TimeoutException) {
      attempt.failure(HttpTimeoutException.class.getSimpleName());
      sent.cancel(true);
    }
  }

  private static Throwable told(Throwable thrown, Duration left) {
    boolean expired =
        thrown instanceof TimeoutException || thrown.getCause() instanceof TimeoutException;
    return expired ? new HttpTimeoutException("no answer within " + left) : thrown;
  }

  private CompletableFuture<HttpResponse<T>> cancelling(CompletableFuture<HttpResponse<T>> given) {
    CompletionStage<HttpResponse<T>> stage = given;
    stage.whenComplete((response, thrown) -> cancelWith(given));
    return given;
  }

  private void cancelWith(CompletableFuture<HttpResponse<T>> given) {
    if (given.isCancelled()) {
      attempt.cancelled();
      sent.cancel(true);
    }
  }
}
