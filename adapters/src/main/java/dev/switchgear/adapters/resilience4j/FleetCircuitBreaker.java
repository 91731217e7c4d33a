package dev.switchgear.adapters.resilience4j;

import dev.switchgear.guard.Admission;
import dev.switchgear.guard.Cancellation;
import dev.switchgear.guard.Guard;
import dev.switchgear.guard.Permit;
import dev.switchgear.guard.Refused;
import dev.switchgear.schemas.BreakerState;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.circuitbreaker.ResultRecordedAsFailureException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An existing {@code CircuitBreaker} that follows the fleet: the fleet's breaker says which calls
 * are permitted, and what they came to is counted to the fleet. Thread-safe.
 *
 * <pre>{@code
 * CircuitBreaker payments = FleetCircuitBreaker.of(existing, gear.guard("payments"));
 * FleetCircuitBreaker.followAll(registry, existing -> gear.guard(existing.getName()));
 * }</pre>
 *
 * <p>The existing breaker goes on telling metrics and events, by its own configuration of what is
 * an error, but no longer decides: its state is {@code METRICS_ONLY}, {@code FORCED_OPEN} while the
 * fleet lets nothing through, and {@code DISABLED} while the fleet does not judge; it changes with
 * the next call. {@link #getState} says what callers meet:
 *
 * <table>
 *   <caption>States</caption>
 *   <tr><th>fleet<th>getState
 *   <tr><td>Closed, or nothing is known<td>CLOSED
 *   <tr><td>Open, HeldOpen<td>FORCED_OPEN
 *   <tr><td>Probing, Recovering<td>HALF_OPEN, with the fleet's share of calls admitted at random
 *   <tr><td>HeldClosed, Shadow<td>DISABLED
 * </table>
 *
 * <p>Transitions are the fleet's: to ask for one here is an error. Holds are for operators.
 *
 * <p>Once there is one of these, {@link CallNotPermittedException} tells every guard of this
 * process of a refusal ({@link Refused}), whichever breaker did not permit the call: nothing was
 * called.
 */
public final class FleetCircuitBreaker implements CircuitBreaker {

  private static final String FAILED_RESULT =
      ResultRecordedAsFailureException.class.getSimpleName();

  /** Admitted shares are per this many. */
  private static final int ALL = 10_000;

  private final CircuitBreaker existing;
  private final Guard guard;
  private final Outstanding outstanding = new Outstanding();

  private FleetCircuitBreaker(CircuitBreaker existing, Guard guard) {
    this.existing = existing;
    this.guard = guard;
  }

  /** Stands in for the existing one from now on. */
  public static CircuitBreaker of(CircuitBreaker existing, Guard guard) {
    Refused.also(CallNotPermittedException.class);
    var breaker = new FleetCircuitBreaker(existing, guard);
    breaker.align();
    return breaker;
  }

  /**
   * Replaces the breakers that are in a registry now.
   *
   * @param guard gives the guard for each; null to leave it as it is
   */
  public static void followAll(
      CircuitBreakerRegistry registry, Function<CircuitBreaker, @Nullable Guard> guard) {
    for (CircuitBreaker each : registry.getAllCircuitBreakers()) {
      Guard found = each instanceof FleetCircuitBreaker ? null : guard.apply(each);
      if (found != null) {
        registry.replace(each.getName(), of(each, found));
      }
    }
  }

  @Override
  public boolean tryAcquirePermission() {
    Admission admission = guard.admit();
    if (admission instanceof Permit permit) {
      if (outstanding.add(permit, System.nanoTime())) {
        align();
      }
      return true;
    }
    align();
    if (existing.getState() == State.FORCED_OPEN) {
      existing.tryAcquirePermission(); // Counts that the call is not permitted.
    }
    return false;
  }

  @Override
  public void acquirePermission() {
    if (!tryAcquirePermission()) {
      throw CallNotPermittedException.createCallNotPermittedException(this);
    }
  }

  @Override
  public void releasePermission() {
    Permit permit = permit(0);
    if (permit != null) {
      permit.cancelled();
    }
    existing.releasePermission();
  }

  @Override
  public void onSuccess(long duration, TimeUnit unit) {
    succeeded(unit.toNanos(duration));
    existing.onSuccess(duration, unit);
  }

  @Override
  public void onResult(long duration, TimeUnit unit, @Nullable Object result) {
    if (result != null && getCircuitBreakerConfig().getRecordResultPredicate().test(result)) {
      failed(FAILED_RESULT, unit.toNanos(duration));
    } else {
      succeeded(unit.toNanos(duration));
    }
    existing.onResult(duration, unit, result);
  }

  @Override
  public void onError(long duration, TimeUnit unit, Throwable thrown) {
    long nanos = unit.toNanos(duration);
    Throwable cause = unwrapped(thrown);
    Permit permit = permit(nanos);
    if (permit != null) {
      count(permit, cause, nanos);
    }
    existing.onError(duration, unit, thrown);
  }

  /** Who ignores an error, or takes it for an answer, is believed; a refusal is neither. */
  private void count(Permit permit, Throwable thrown, long nanos) {
    CircuitBreakerConfig config = getCircuitBreakerConfig();
    boolean gaveUp = Cancellation.isCauseOf(thrown);
    if (gaveUp || Refused.isCauseOf(thrown) || config.getIgnoreExceptionPredicate().test(thrown)) {
      permit.cancelled();
    } else if (config.getRecordExceptionPredicate().test(thrown)) {
      permit.failure(thrown, nanos);
    } else {
      permit.success(nanos);
    }
  }

  private void succeeded(long nanos) {
    Permit permit = permit(nanos);
    if (permit != null) {
      permit.success(nanos);
    }
  }

  private void failed(String errorType, long nanos) {
    Permit permit = permit(nanos);
    if (permit != null) {
      permit.failure(errorType, nanos);
    }
  }

  /** That of the call, or for a result that nobody asked a permission for a new one. */
  private @Nullable Permit permit(long elapsedNanos) {
    Permit held = outstanding.take(System.nanoTime() - elapsedNanos);
    return held == null && guard.admit() instanceof Permit permit ? permit : held;
  }

  private static Throwable unwrapped(Throwable thrown) {
    Throwable cause = thrown.getCause();
    boolean wrapped = thrown instanceof CompletionException || thrown instanceof ExecutionException;
    return wrapped && cause != null ? cause : thrown;
  }

  /** What callers meet. */
  @Override
  public State getState() {
    return guard.state().map(FleetCircuitBreaker::met).orElse(State.CLOSED);
  }

  private static State met(BreakerState state) {
    return switch (state.getState()) {
      case HELD_OPEN -> State.FORCED_OPEN;
      case HELD_CLOSED, SHADOW -> State.DISABLED;
      case UNKNOWN, CLOSED, OPEN, PROBING, RECOVERING -> met(state.getAdmittedShare());
    };
  }

  private static State met(int admittedShare) {
    if (admittedShare == 0) {
      return State.FORCED_OPEN;
    }
    return admittedShare == ALL ? State.CLOSED : State.HALF_OPEN;
  }

  /** Puts the existing one into the state that does what is done here. */
  private void align() {
    State like = like(getState());
    if (existing.getState() != like) {
      change(like);
    }
  }

  private static State like(State met) {
    return met == State.FORCED_OPEN || met == State.DISABLED ? met : State.METRICS_ONLY;
  }

  private synchronized void change(State like) {
    if (existing.getState() == like) {
      return;
    }
    switch (like) {
      case FORCED_OPEN -> existing.transitionToForcedOpenState();
      case DISABLED -> existing.transitionToDisabledState();
      default -> existing.transitionToMetricsOnlyState();
    }
  }

  @Override
  public void reset() {
    existing.reset();
    align();
  }

  @Override
  public void transitionToClosedState() {
    throw isTheFleets();
  }

  @Override
  public void transitionToOpenState() {
    throw isTheFleets();
  }

  @Override
  public void transitionToOpenStateFor(Duration wait) {
    throw isTheFleets();
  }

  @Override
  public void transitionToOpenStateUntil(Instant until) {
    throw isTheFleets();
  }

  @Override
  public void transitionToHalfOpenState() {
    throw isTheFleets();
  }

  @Override
  public void transitionToDisabledState() {
    throw isTheFleets();
  }

  @Override
  public void transitionToMetricsOnlyState() {
    throw isTheFleets();
  }

  @Override
  public void transitionToForcedOpenState() {
    throw isTheFleets();
  }

  private UnsupportedOperationException isTheFleets() {
    return new UnsupportedOperationException(
        "the state of %s is the fleet's (expected: switchgear hold %s)"
            .formatted(getName(), guard.breaker()));
  }

  @Override
  public String getName() {
    return existing.getName();
  }

  @Override
  public CircuitBreakerConfig getCircuitBreakerConfig() {
    return existing.getCircuitBreakerConfig();
  }

  @Override
  public Metrics getMetrics() {
    return existing.getMetrics();
  }

  @Override
  public Map<String, String> getTags() {
    return existing.getTags();
  }

  @Override
  public EventPublisher getEventPublisher() {
    return existing.getEventPublisher();
  }

  @Override
  public long getCurrentTimestamp() {
    return existing.getCurrentTimestamp();
  }

  @Override
  public TimeUnit getTimestampUnit() {
    return existing.getTimestampUnit();
  }

  @Override
  public String toString() {
    return existing + " of the fleet's breaker " + guard.breaker();
  }
}
