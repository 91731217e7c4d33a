package dev.switchgear.spring;

import dev.switchgear.guard.Admission;
import dev.switchgear.guard.Cancellation;
import dev.switchgear.guard.Deadline;
import dev.switchgear.guard.Failure;
import dev.switchgear.guard.Guarded;
import dev.switchgear.guard.GuardedCall;
import dev.switchgear.guard.Permit;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.RefusedException;
import dev.switchgear.guard.Stage;
import dev.switchgear.guard.Unavailable;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A method that gives a {@link Flux}. The guard is asked, and the method called, at each
 * subscription; the call is answered with the first item, and ends when the stream does. Timeout,
 * retry and fallback are of what comes before the first item: after that the caller has begun with
 * the real answer.
 */
record FluxMethod(GuardedCall<Object> guard, @Nullable FallbackMethod fallback)
    implements GuardedMethod {

  /** Of callers whose time is over. */
  private static final Duration RETRY_AFTER = Duration.ofMillis(100);

  @Override
  public Flux<Object> call(Invocation invocation) {
    return Flux.defer(() -> new Errand(invocation).first())
        .onErrorMap(TimeoutException.class, UnansweredException::new);
  }

  /** What one subscriber wants, in however many attempts. */
  private final class Errand {

    private final Invocation invocation;
    private final GuardedCall<Object> ofCaller = guard.ofCaller();
    private final Context context = Context.current();

    /** Until when the first item may take; null for as long as it likes. */
    private final @Nullable Deadline toFirst = guard.deadline().orElse(null);

    Errand(Invocation invocation) {
      this.invocation = invocation;
    }

    Flux<Object> first() {
      return decided(isOver() ? outOfTime() : ofCaller.admit(), 1);
    }

    /** After an attempt that gave nothing. */
    Flux<Object> next(int attempt, Failure failure) {
      Optional<Duration> wait = guard.backOff(attempt, failure, toFirst);
      return wait.isEmpty()
          ? insteadOf(failure)
          : Mono.delay(wait.get())
              .publishOn(Schedulers.boundedElastic())
              .flatMapMany(waited -> again(attempt, failure));
    }

    private Flux<Object> again(int attempt, Failure failure) {
      Optional<Admission> admission =
          isOver() ? Optional.empty() : context.wrapSupplier(ofCaller::admitAgain).get();
      return admission.isEmpty() ? instead(failure) : decided(admission.get(), attempt + 1);
    }

    private Flux<Object> decided(Admission admission, int attempt) {
      return admission instanceof Permit permit
          ? new Attempt(this, permit, attempt).flux()
          : instead((Refusal) admission);
    }

    private boolean isOver() {
      return toFirst != null && toFirst.remaining().isZero();
    }

    private Refusal outOfTime() {
      long jitter = ThreadLocalRandom.current().nextLong(RETRY_AFTER.toNanos() / 5);
      Duration later = RETRY_AFTER.plusNanos(jitter);
      String reason = "the caller has no time left";
      return new Refusal(Stage.DEADLINE, guard.breaker(), 0, reason, later, List.of(), null);
    }

    /** A fallback may block, which threads of timers and of sockets must not. */
    private Flux<Object> insteadOf(Failure failure) {
      return fallback != null && Schedulers.isInNonBlockingThread()
          ? Mono.fromSupplier(() -> instead(failure))
              .subscribeOn(Schedulers.boundedElastic())
              .flatMapMany(Function.identity())
          : instead(failure);
    }

    /** The subscriber's span is told, whatever thread this is. */
    private Flux<Object> instead(Unavailable why) {
      return context.wrapSupplier(() -> answered(why)).get();
    }

    @SuppressWarnings("unchecked") // What the method gives is an object in any case.
    private Flux<Object> answered(Unavailable why) {
      if (fallback == null) {
        return Flux.error(thrown(why));
      }
      try {
        Instead instead = (Instead) guard.instead(why, Instead.of(fallback, invocation));
        return (Flux<Object>) Objects.requireNonNull(instead.later(), "the fallback's Flux");
      } catch (Exception e) {
        return Flux.error(e);
      }
    }

    private static Exception thrown(Unavailable why) {
      return why instanceof Failure failure ? failure.cause() : new RefusedException((Refusal) why);
    }
  }

  /** One admitted subscription. Its signals come one after the other. */
  private final class Attempt {

    private final Errand errand;
    private final Permit permit;
    private final int number;
    private final Context context;
    private final long startNanos = System.nanoTime();
    private final AtomicBoolean ended = new AtomicBoolean();
    private long toFirstNanos;

    /** Written last, for whoever cancels on another thread. */
    private volatile boolean begun;

    private @Nullable Failure failure;

    Attempt(Errand errand, Permit permit, int number) {
      this.errand = errand;
      this.permit = permit;
      this.number = number;
      Context callers = errand.context;
      Deadline toFirst = errand.toFirst;
      this.context = Guarded.marked(toFirst == null ? callers : callers.with(toFirst));
    }

    Flux<Object> flux() {
      Publisher<Object> call = this::subscribe;
      Flux<Object> made = Flux.from(call);
      Deadline toFirst = errand.toFirst;
      return (toFirst == null ? made : inTime(made, toFirst.remaining()))
          .doOnNext(item -> begin())
          .doOnComplete(this::succeeded)
          .doOnError(this::failed)
          .doOnCancel(this::givenUp)
          .onErrorResume(this::resumed);
    }

    /**
     * Whatever the method and the subscription to what it gives call knows of this call. What
     * Reactor tells nobody, errors of the virtual machine, ends it as well.
     */
    @SuppressWarnings("try") // The scope is there to be closed.
    private void subscribe(Subscriber<? super Object> subscriber) {
      try (Scope scope = context.makeCurrent()) {
        Flux.defer(this::made).subscribe(subscriber);
      } catch (Throwable e) {
        failed(e);
        throw e;
      }
    }

    @SuppressWarnings("unchecked") // What the method gives is an object in any case.
    private Flux<Object> made() {
      try {
        return (Flux<Object>)
            Objects.requireNonNull(errand.invocation.proceed(), "the method gave no Flux");
      } catch (Exception e) {
        return Flux.error(e);
      }
    }

    private static Flux<Object> inTime(Flux<Object> made, Duration toFirst) {
      Flux<Object> late = Flux.error(() -> new TimeoutException("no first item within " + toFirst));
      return made.timeout(Mono.delay(toFirst), item -> Flux.never(), late);
    }

    private void begin() {
      if (!begun) {
        toFirstNanos = System.nanoTime() - startNanos;
        begun = true;
      }
    }

    private void succeeded() {
      if (ended.compareAndSet(false, true)) {
        permit.success(answeredNanos());
      }
    }

    /** Who has the first item and wants no more has been answered, as everybody who does. */
    private void givenUp() {
      if (begun) {
        succeeded();
      } else {
        cancelled();
      }
    }

    private void cancelled() {
      if (ended.compareAndSet(false, true)) {
        permit.cancelled();
      }
    }

    private void failed(Throwable thrown) {
      if (Cancellation.isCauseOf(thrown)) {
        cancelled();
      } else if (ended.compareAndSet(false, true)) {
        counted(thrown);
      }
    }

    private void counted(Throwable thrown) {
      if (thrown instanceof Exception exception) {
        failure = context.wrapSupplier(() -> failure(exception)).get().orElse(null);
      } else {
        permit.failure(thrown, answeredNanos());
      }
    }

    private Optional<Failure> failure(Exception thrown) {
      return guard.failed(permit, thrown, answeredNanos());
    }

    private Flux<Object> resumed(Throwable thrown) {
      return begun || failure == null ? Flux.error(thrown) : errand.next(number, failure);
    }

    /** How long the answer took: a stream has no length that would be too long. */
    private long answeredNanos() {
      return begun ? toFirstNanos : System.nanoTime() - startNanos;
    }
  }
}
