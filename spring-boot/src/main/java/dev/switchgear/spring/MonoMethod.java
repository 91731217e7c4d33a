package dev.switchgear.spring;

import dev.switchgear.guard.GuardedCall;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * A method that gives a {@link Mono}. The guard is asked, and the method called, at each
 * subscription.
 */
record MonoMethod(GuardedCall<Object> guard, @Nullable FallbackMethod fallback)
    implements GuardedMethod {

  @Override
  public Mono<Object> call(Invocation invocation) {
    return Mono.deferContextual(context -> subscribed(invocation, context))
        .onErrorMap(TimeoutException.class, UnansweredException::new);
  }

  private Mono<Object> subscribed(Invocation invocation, ContextView context) {
    return fallback == null
        ? Mono.fromFuture(guard.callAsync(() -> stage(invocation, context)).toCompletableFuture())
        : Mono.fromFuture(
                guard
                    .callAsync(() -> stage(invocation, context), Instead.of(fallback, invocation))
                    .toCompletableFuture())
            .flatMap(MonoMethod::awaited);
  }

  @SuppressWarnings("unchecked") // What the method gives is an object in any case.
  private static Mono<Object> awaited(Object answer) {
    return answer instanceof Instead instead
        ? (Mono<Object>) Objects.requireNonNull(instead.later(), "the fallback's Mono")
        : Mono.just(answer);
  }

  @SuppressWarnings("unchecked") // What the method gives is an object in any case.
  private static CompletionStage<Object> stage(Invocation invocation, ContextView context) {
    try {
      Mono<Object> mono =
          (Mono<Object>) Objects.requireNonNull(invocation.proceed(), "the method gave no Mono");
      return mono.contextWrite(context).toFuture();
    } catch (Exception e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
