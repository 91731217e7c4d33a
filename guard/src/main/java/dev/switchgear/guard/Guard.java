package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import io.opentelemetry.api.trace.Span;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides the calls to one dependency and counts their results: the breaker alone. With limits, a
 * deadline, retries and fallbacks around it, it is a {@link GuardedCall}. Thread-safe.
 *
 * <p>{@link #admit} and the results of its {@link Permit} are for hot paths: they take no lock and
 * allocate nothing. {@link #call} and {@link #callAsync} do the same, and mark the OpenTelemetry
 * context ({@link Guarded#KEY}) if anybody looks at that, which allocates two small objects.
 */
public final class Guard {

  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  private final Gate gate;
  private final Function<? super Exception, @Nullable String> errorType;

  Guard(Gate gate) {
    this(gate, ErrorType::of);
  }

  private Guard(Gate gate, Function<? super Exception, @Nullable String> errorType) {
    this.gate = gate;
    this.errorType = errorType;
  }

  /** Breaker id. */
  public String breaker() {
    return gate.breaker();
  }

  /**
   * The same guard with another opinion of errors. Without one, every exception is an error, named
   * by its class without the package.
   *
   * @param errorType gives the name to count an exception under, of low cardinality; null if the
   *     exception is an answer like any other and no failure of the dependency
   */
  public Guard errorTypes(Function<? super Exception, @Nullable String> errorType) {
    return new Guard(gate, errorType);
  }

  /**
   * The state that is obeyed now, of whichever breaker binds tightest, or what this instance has
   * decided alone; empty where nobody has said anything. Takes no lock.
   */
  public Optional<BreakerState> state() {
    return Optional.ofNullable(gate.state());
  }

  /** Decides one call by one volatile read, and counts it: no lock, no allocation, no Kafka. */
  public Admission admit() {
    return gate.admit();
  }

  /**
   * Decides one call like {@link #admit()}, but not by chance: while a share is let through, it is
   * always the same callers, and whoever is let through stays so while the share grows.
   *
   * @param place of the caller, always the same for the same one and evenly spread over all;
   *     0..9,999
   */
  public Admission admit(int place) {
    return gate.admit(place);
  }

  /**
   * Calls on this thread, or gives the fallback's answer.
   *
   * <p>The fallback is asked if the call is refused or fails with an exception that counts as an
   * error; what it throws goes to the caller. An interrupted call is cancelled, not failed: the
   * interrupt flag is set and the exception goes to the caller. So does an {@link Error}, which
   * counts as a failure, and an exception that counts as no error.
   */
  public <T extends @Nullable Object> T call(Callable<T> call, Fallback<T> fallback)
      throws Exception {
    Object decided = gate.decide();
    return decided instanceof Refusal refusal
        ? fallback.instead(refusal)
        : admitted((Permit) decided, call, fallback);
  }

  /** Makes a call that has been admitted. What it throws is counted, and goes to the caller. */
  <T extends @Nullable Object> T admitted(Permit permit, Callable<T> call) throws Exception {
    return admitted(permit, call, Guard::thrown);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals") // A fallback that never answers.
  private static <T extends @Nullable Object> T thrown(Unavailable failure) throws Exception {
    throw ((Failure) failure).cause();
  }

  private <T extends @Nullable Object> T admitted(
      Permit permit, Callable<T> call, Fallback<T> fallback) throws Exception {
    int drawn = permit.draw();
    long start = startNanos(drawn);
    Failure failure;
    try {
      T answer = Guarded.call(call);
      long elapsed = elapsedNanos(drawn, start);
      permit.ended(drawn).answered(elapsed);
      return answer;
    } catch (InterruptedException e) {
      permit.cancelled();
      Thread.currentThread().interrupt();
      throw e;
    } catch (Exception e) {
      long elapsed = elapsedNanos(drawn, start);
      failure = failure(permit.ended(drawn), e, elapsed, Span.current());
      if (failure == null) {
        throw e;
      }
    } catch (Throwable e) {
      long elapsed = elapsedNanos(drawn, start);
      permit.ended(drawn).failure(ErrorType.of(e), elapsed);
      throw e;
    }
    return fallback.instead(failure);
  }

  /** The time, if the call is drawn; else any number. */
  private static long startNanos(int drawn) {
    return drawn == Sampling.NOT_TIMED ? 0 : System.nanoTime();
  }

  private static long elapsedNanos(int drawn, long startNanos) {
    return drawn == Sampling.NOT_TIMED ? 0 : System.nanoTime() - startNanos;
  }

  /** Whether every call is admitted now. */
  boolean admitsAll() {
    return gate.admitsAll();
  }

  /**
   * Calls asynchronously, or gives the fallback's answer, by the rules of {@link #call}. A call
   * that ends in {@link CancellationException} is cancelled, not failed. Cancelling the returned
   * stage does not end the call, which is counted whenever it ends.
   */
  public <T extends @Nullable Object> CompletionStage<T> callAsync(
      Supplier<? extends CompletionStage<T>> call, AsyncFallback<T> fallback) {
    Admission admission = gate.admit();
    if (admission instanceof Refusal refusal) {
      return fallback.instead(refusal);
    }
    Permit permit = (Permit) admission;
    Span span = Span.current();
    int drawn = permit.draw();
    long start = startNanos(drawn);
    return started(call)
        .handle(
            (answer, thrown) -> {
              long elapsed = elapsedNanos(drawn, start);
              Permit ended = permit.ended(drawn);
              if (thrown == null) {
                ended.success(elapsed);
                return CompletableFuture.completedStage(answer);
              }
              return ended(ended, ErrorType.unwrapped(thrown), elapsed, span, fallback);
            })
        .thenCompose(stage -> stage);
  }

  private static <T extends @Nullable Object> CompletionStage<T> started(
      Supplier<? extends CompletionStage<T>> call) {
    try {
      CompletionStage<T> stage = Guarded.call(call::get);
      return Objects.requireNonNull(stage, "the call gave no stage");
    } catch (Throwable e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private <T extends @Nullable Object> CompletionStage<T> ended(
      Permit permit, Throwable thrown, long elapsedNanos, Span span, AsyncFallback<T> fallback) {
    if (thrown instanceof CancellationException || thrown instanceof InterruptedException) {
      permit.cancelled();
      return CompletableFuture.failedStage(thrown);
    }
    if (!(thrown instanceof Exception exception)) {
      permit.failure(ErrorType.of(thrown), elapsedNanos, span);
      return CompletableFuture.failedStage(thrown);
    }
    Failure failure = failure(permit, exception, elapsedNanos, span);
    return failure == null ? CompletableFuture.failedStage(thrown) : fallback.instead(failure);
  }

  /** Counts what was thrown; null if it is no failure. */
  private @Nullable Failure failure(Permit permit, Exception thrown, long elapsedNanos, Span span) {
    String type = typeOf(thrown);
    if (type == null) {
      permit.success(elapsedNanos);
      return null;
    }
    permit.failure(thrown, type, elapsedNanos, span);
    return new Failure(gate.breaker(), type, thrown);
  }

  private @Nullable String typeOf(Exception thrown) {
    try {
      return errorType.apply(thrown);
    } catch (RuntimeException e) {
      LOG.error("Cannot name the error of a call of {}; using its class", gate.breaker(), e);
      return ErrorType.of(thrown);
    }
  }
}
