package dev.switchgear.spring;

import dev.switchgear.guard.Admission;
import dev.switchgear.guard.Failure;
import dev.switchgear.guard.GuardedCall;
import dev.switchgear.guard.Permit;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.RefusedException;
import dev.switchgear.guard.Unavailable;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A method that gives a {@link Flux}. The guard is asked, and the method called, at each
 * subscription; the call ends when the stream does. The fallback answers as long as no item has
 * been given: after that the caller has begun with the real answer.
 *
 * @param toFirst how long the first item may take; null for as long as it likes
 */
record FluxMethod(
    GuardedCall<Object> guard,
    GuardProperties properties,
    @Nullable Duration toFirst,
    @Nullable FallbackMethod fallback)
    implements GuardedMethod {

  /** Checks that nothing is asked for that a stream cannot have. */
  static FluxMethod of(
      String where,
      GuardedCall<Object> guard,
      GuardProperties properties,
      @Nullable FallbackMethod fallback) {
    if (properties.retry() != null || properties.recommendedTimeout() != null) {
      throw new MisconfiguredException(
          where, "returns a Flux", "no retry and no recommended-timeout for that");
    }
    return new FluxMethod(guard, properties, properties.timeout(), fallback);
  }

  @Override
  public Flux<Object> call(Invocation invocation) {
    return Flux.defer(() -> subscribed(invocation));
  }

  private Flux<Object> subscribed(Invocation invocation) {
    Admission admission = guard.admit();
    return admission instanceof Permit permit
        ? new Subscription(invocation, permit).flux()
        : instead(invocation, (Refusal) admission, new RefusedException((Refusal) admission));
  }

  @SuppressWarnings("unchecked") // What the method gives is an object in any case.
  private Flux<Object> instead(Invocation invocation, Unavailable why, Throwable otherwise) {
    if (fallback == null) {
      return Flux.error(otherwise);
    }
    try {
      Object flux = fallback.answer(invocation.target(), invocation.arguments(), why);
      return (Flux<Object>) Objects.requireNonNull(flux, "the fallback's Flux");
    } catch (Exception e) {
      return Flux.error(e);
    }
  }

  /** One admitted subscription. Its signals come one after the other. */
  private final class Subscription {

    private final Invocation invocation;
    private final Permit permit;
    private final long startNanos = System.nanoTime();
    private final AtomicBoolean ended = new AtomicBoolean();
    private boolean begun;
    private @Nullable Failure failure;

    Subscription(Invocation invocation, Permit permit) {
      this.invocation = invocation;
      this.permit = permit;
    }

    Flux<Object> flux() {
      Flux<Object> made = Flux.defer(this::made);
      return (toFirst == null ? made : inTime(made, toFirst))
          .doOnNext(item -> begun = true)
          .doOnComplete(this::succeeded)
          .doOnError(this::failed)
          .doOnCancel(this::cancelled)
          .onErrorResume(this::resumed);
    }

    @SuppressWarnings("unchecked") // What the method gives is an object in any case.
    private Flux<Object> made() {
      try {
        return (Flux<Object>)
            Objects.requireNonNull(invocation.proceed(), "the method gave no Flux");
      } catch (Exception e) {
        return Flux.error(e);
      }
    }

    private static Flux<Object> inTime(Flux<Object> made, Duration toFirst) {
      return made.timeout(Mono.delay(toFirst), item -> Flux.never());
    }

    private void succeeded() {
      if (ended.compareAndSet(false, true)) {
        permit.success(elapsedNanos());
      }
    }

    private void cancelled() {
      if (ended.compareAndSet(false, true)) {
        permit.cancelled();
      }
    }

    private void failed(Throwable thrown) {
      if (ended.compareAndSet(false, true)) {
        counted(thrown);
      }
    }

    private void counted(Throwable thrown) {
      String type =
          thrown instanceof Exception exception
              ? properties.errorType(exception)
              : thrown.getClass().getSimpleName();
      if (type == null) {
        permit.success(elapsedNanos());
        return;
      }
      permit.failure(type, elapsedNanos());
      if (thrown instanceof Exception exception) {
        failure = new Failure(guard.breaker(), type, exception);
      }
    }

    private Flux<Object> resumed(Throwable thrown) {
      return begun || failure == null ? Flux.error(thrown) : instead(invocation, failure, thrown);
    }

    private long elapsedNanos() {
      return System.nanoTime() - startNanos;
    }
  }
}
