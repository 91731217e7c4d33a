package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides the calls to one dependency and counts their results: the breaker alone. With limits, a
 * deadline, retries and fallbacks around it, it is a {@link GuardedCall}. Thread-safe.
 *
 * <p>{@link #admit} and the results of its {@link Permit} are for hot paths: they take no lock and
 * allocate nothing. {@link #call} and {@link #callAsync} do the same, and mark the OpenTelemetry
 * context ({@link Guarded#KEY}) if anybody looks at that, which allocates two small objects.
 */
public final class Guard {

  private final Gate gate;
  private final Degradations degradations;
  private final Failures failures;

  Guard(Gate gate) {
    this(gate, ErrorType::of);
  }

  private Guard(Gate gate, Function<? super Exception, @Nullable String> errorType) {
    this.gate = gate;
    this.degradations = gate.degradations();
    this.failures = new Failures(gate.breaker(), errorType);
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
   *     exception is an answer like any other and no failure of the dependency. It is given what
   *     was thrown on another thread, not what that was wrapped in
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
   * error; what it throws goes to the caller, and that it answered is told ({@link
   * Switchgear#degraded}, and on the current span). An interrupted call is cancelled, not failed:
   * the interrupt flag is set and the exception goes to the caller. An {@link Error}, which counts
   * as a failure, and an exception that counts as no error go to the caller as well.
   */
  public <T extends @Nullable Object> T call(Callable<T> call, Fallback<T> fallback)
      throws Exception {
    Object decided = gate.decide();
    return decided instanceof Refusal refusal
        ? degradations.instead(gate, refusal, fallback)
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
    T answer;
    try {
      answer = Guarded.call(call);
    } catch (Throwable e) {
      long elapsed = elapsedNanos(drawn, start);
      String type = failures.countHere(permit, drawn, e, elapsed);
      if (type == null) {
        throw e;
      }
      return degradations.instead(gate, failures.told(type, e), fallback);
    }
    permit.answered(drawn, elapsedNanos(drawn, start));
    return answer;
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
   * that is given up ({@link Cancellation}) is cancelled, not failed. Cancelling the returned stage
   * does not end the call, which is counted whenever it ends.
   */
  public <T extends @Nullable Object> CompletionStage<T> callAsync(
      Supplier<? extends CompletionStage<T>> call, AsyncFallback<T> fallback) {
    Admission admission = gate.admit();
    if (admission instanceof Refusal refusal) {
      return degradations.insteadLater(gate, refusal, fallback);
    }
    Permit permit = (Permit) admission;
    Context context = Context.current();
    int drawn = permit.draw();
    long start = startNanos(drawn);
    return started(call)
        .handle(
            (answer, thrown) -> {
              long elapsed = elapsedNanos(drawn, start);
              if (thrown == null) {
                permit.answered(drawn, elapsed);
                return CompletableFuture.completedStage(answer);
              }
              return ended(permit, drawn, ErrorType.unwrapped(thrown), elapsed, context, fallback);
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

  /** What a caller gets whose call has ended with an exception; told on the caller's span. */
  @SuppressWarnings("try") // The scope is there to be closed.
  private <T extends @Nullable Object> CompletionStage<T> ended(
      Permit permit,
      int drawn,
      Throwable thrown,
      long elapsedNanos,
      Context context,
      AsyncFallback<T> fallback) {
    try (Scope scope = context.makeCurrent()) {
      String type = failures.countLater(permit, drawn, thrown, elapsedNanos, Span.current());
      return type == null
          ? CompletableFuture.failedStage(thrown)
          : degradations.insteadLater(gate, failures.told(type, thrown), fallback);
    }
  }
}
