package dev.switchgear.spring;

import dev.switchgear.guard.GuardedCall;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A method that gives a {@link CompletionStage} or a {@link CompletableFuture}. */
record StageMethod(GuardedCall<Object> guard, @Nullable FallbackMethod fallback)
    implements GuardedMethod {

  @Override
  public CompletableFuture<Object> call(Invocation invocation) {
    CompletableFuture<Object> call = guarded(invocation).toCompletableFuture();
    CompletableFuture<Object> answer = new CompletableFuture<>();
    CompletionStage<Object> ended = call.thenCompose(StageMethod::awaited);
    ended.whenComplete((given, thrown) -> complete(answer, given, thrown));
    cancelWith(answer, call);
    return answer;
  }

  private CompletionStage<Object> guarded(Invocation invocation) {
    return fallback == null
        ? guard.callAsync(() -> stage(invocation))
        : guard.callAsync(() -> stage(invocation), Instead.of(fallback, invocation));
  }

  private static void complete(
      CompletableFuture<Object> answer, Object given, @Nullable Throwable thrown) {
    if (thrown == null) {
      answer.complete(given);
    } else {
      answer.completeExceptionally(told(thrown));
    }
  }

  /** What ended the call, without what it was wrapped in on its way. */
  private static Throwable told(Throwable thrown) {
    Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
    if (cause instanceof TimeoutException timeout) {
      return new UnansweredException(timeout);
    }
    return cause == null ? thrown : cause;
  }

  /** Cancelling what the caller holds cancels the call. */
  private static void cancelWith(CompletionStage<Object> answer, CompletableFuture<Object> call) {
    answer.whenComplete((any, thrown) -> cancelIfCancelled(thrown, call));
  }

  private static void cancelIfCancelled(
      @Nullable Throwable thrown, CompletableFuture<Object> call) {
    if (thrown instanceof CancellationException) {
      call.cancel(true);
    }
  }

  @SuppressWarnings("unchecked") // What the method returns is an object in any case.
  private static CompletionStage<Object> awaited(Object answer) {
    return answer instanceof Instead instead
        ? (CompletionStage<Object>) Objects.requireNonNull(instead.later(), "the fallback's stage")
        : CompletableFuture.completedFuture(answer);
  }

  @SuppressWarnings("unchecked") // What the method returns is an object in any case.
  private static CompletionStage<Object> stage(Invocation invocation) {
    try {
      return (CompletionStage<Object>)
          Objects.requireNonNull(invocation.proceed(), "the method gave no stage");
    } catch (Exception e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
