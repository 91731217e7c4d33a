package dev.switchgear.spring;

import dev.switchgear.guard.Admission;
import dev.switchgear.guard.Deadline;
import dev.switchgear.guard.Failure;
import dev.switchgear.guard.Guarded;
import dev.switchgear.guard.GuardedCall;
import dev.switchgear.guard.Permit;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.Refused;
import dev.switchgear.guard.RefusedException;
import dev.switchgear.guard.Stage;
import dev.switchgear.guard.Unavailable;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A method that gives a {@link Flux}. The guard is asked, and the method called, at each
 * subscription; the call ends when the stream does. The fallback answers as long as no item has
 * been given: after that the caller has begun with the real answer.
 */
record FluxMethod(
    GuardedCall<Object> guard, GuardProperties properties, @Nullable FallbackMethod fallback)
    implements GuardedMethod {

  /** Of callers whose time is over. */
  private static final Duration RETRY_AFTER = Duration.ofMillis(100);

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
    return new FluxMethod(guard, properties, fallback);
  }

  @Override
  public Flux<Object> call(Invocation invocation) {
    return Flux.defer(() -> subscribed(invocation))
        .onErrorMap(TimeoutException.class, UnansweredException::new);
  }

  private Flux<Object> subscribed(Invocation invocation) {
    Deadline deadline = guard.deadline().orElse(null);
    Admission admission =
        deadline != null && deadline.remaining().isZero() ? outOfTime() : guard.admit();
    return admission instanceof Permit permit
        ? new Subscription(invocation, permit, deadline).flux()
        : instead(invocation, (Refusal) admission, new RefusedException((Refusal) admission));
  }

  private Refusal outOfTime() {
    long jitter = ThreadLocalRandom.current().nextLong(RETRY_AFTER.toNanos() / 5);
    Duration later = RETRY_AFTER.plusNanos(jitter);
    String reason = "the caller has no time left";
    return new Refusal(Stage.DEADLINE, guard.breaker(), 0, reason, later, List.of(), null);
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
    private final @Nullable Deadline toFirst;
    private final Context context;
    private final long startNanos = System.nanoTime();
    private final AtomicBoolean ended = new AtomicBoolean();
    private boolean begun;
    private @Nullable Failure failure;

    /**
     * Of an admitted call.
     *
     * @param toFirst until when the first item may take; null for as long as it likes
     */
    Subscription(Invocation invocation, Permit permit, @Nullable Deadline toFirst) {
      this.invocation = invocation;
      this.permit = permit;
      this.toFirst = toFirst;
      Context current = Context.current();
      this.context = Guarded.marked(toFirst == null ? current : current.with(toFirst));
    }

    Flux<Object> flux() {
      Publisher<Object> call = this::subscribe;
      Flux<Object> made = Flux.from(call);
      return (toFirst == null ? made : inTime(made, toFirst.remaining()))
          .doOnNext(item -> begun = true)
          .doOnComplete(this::succeeded)
          .doOnError(this::failed)
          .doOnCancel(this::cancelled)
          .onErrorResume(this::resumed);
    }

    /** Whatever the method and the subscription to what it gives call knows of this call. */
    @SuppressWarnings("try") // The scope is there to be closed.
    private void subscribe(Subscriber<? super Object> subscriber) {
      try (Scope scope = context.makeCurrent()) {
        Flux.defer(this::made).subscribe(subscriber);
      }
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
      if (thrown instanceof CancellationException || thrown instanceof InterruptedException) {
        cancelled();
      } else if (ended.compareAndSet(false, true)) {
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
      count(type, thrown);
      if (thrown instanceof Exception exception) {
        failure = new Failure(guard.breaker(), type, exception);
      }
    }

    private void count(String type, Throwable thrown) {
      if (Refused.isCauseOf(thrown)) {
        permit.cancelled();
      } else {
        permit.failure(type, elapsedNanos());
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
