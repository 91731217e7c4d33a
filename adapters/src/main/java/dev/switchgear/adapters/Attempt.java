package dev.switchgear.adapters;

import dev.switchgear.guard.Admission;
import dev.switchgear.guard.Cancellation;
import dev.switchgear.guard.Deadline;
import dev.switchgear.guard.Guarded;
import dev.switchgear.guard.GuardedCall;
import dev.switchgear.guard.Permit;
import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.Stage;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request, decided: refused, or to be made and its result to be told. Of {@link #success},
 * {@link #failure}, {@link #cancelled} and {@link #thrown} the first counts and the others change
 * nothing, so that a callback too many does no harm. Thread-safe.
 */
public final class Attempt {

  /** Of a request that nobody guards. */
  static final Attempt UNGUARDED = new Attempt("", null, null, null);

  private static final int FIRST_ERROR = 400;
  private static final Duration RETRY_AFTER = Duration.ofMillis(100);

  private final String breaker;
  private final @Nullable Refusal refusal;
  private final @Nullable Deadline deadline;
  private final AtomicReference<@Nullable Permit> permit;
  private final Context context = Context.current();
  private final long startNanos = System.nanoTime();

  private Attempt(
      String breaker,
      @Nullable Refusal refusal,
      @Nullable Deadline deadline,
      @Nullable Permit permit) {
    this.breaker = breaker;
    this.refusal = refusal;
    this.deadline = deadline;
    this.permit = new AtomicReference<>(permit);
  }

  /** Who has no time left is refused before anything is taken for them. */
  static <T> Attempt of(GuardedCall<T> guard, Function<GuardedCall<T>, Admission> decision) {
    String breaker = guard.breaker();
    Deadline deadline = guard.deadline().orElse(null);
    Admission admission =
        deadline != null && deadline.remaining().isZero()
            ? refusal(Stage.DEADLINE, breaker, "the caller has no time left")
            : decision.apply(guard);
    return admission instanceof Permit permit
        ? new Attempt(breaker, null, deadline, permit)
        : new Attempt(breaker, (Refusal) admission, deadline, null);
  }

  private static Refusal refusal(Stage stage, String breaker, String reason) {
    long jitter = ThreadLocalRandom.current().nextLong(RETRY_AFTER.toNanos() / 5);
    Duration retryAfter = RETRY_AFTER.plusNanos(jitter);
    return new Refusal(stage, breaker, 0, reason, retryAfter, List.of(), null);
  }

  /** Why the request is not to be made; null if it is. */
  public @Nullable Refusal refusal() {
    return refusal;
  }

  /** Gives up a request that a limit of the adapter's own refuses, and tells that as guards do. */
  public Refusal refuse(Stage stage, String reason) {
    cancelled();
    return refusal(stage, breaker, reason);
  }

  /** Until when an answer is waited for, by the guard and by the caller's own caller. */
  public Optional<Deadline> deadline() {
    return Optional.ofNullable(deadline);
  }

  /** In this context the request is made: its span is not counted again. */
  public Context context() {
    if (this == UNGUARDED) {
      return Context.current();
    }
    return Guarded.marked(deadline == null ? context : context.with(deadline));
  }

  /** It was answered. */
  public void success() {
    Permit held = permit.getAndSet(null);
    if (held != null) {
      held.success(elapsedNanos());
    }
  }

  /**
   * It failed.
   *
   * @param errorType as OpenTelemetry's {@code error.type}, of low cardinality
   */
  @SuppressWarnings("try") // The scope is there to be closed: whose span is evidence.
  public void failure(String errorType) {
    Permit held = permit.getAndSet(null);
    if (held != null) {
      try (Scope scope = context.makeCurrent()) {
        held.failure(errorType, elapsedNanos());
      }
    }
  }

  /** The caller gave it up, or it never left: it says nothing about the dependency. */
  public void cancelled() {
    Permit held = permit.getAndSet(null);
    if (held != null) {
      held.cancelled();
    }
  }

  /** It ended in this: cancelled if that says so or another guard refused it, else failed. */
  @SuppressWarnings("try") // The scope is there to be closed: whose span is evidence.
  public void thrown(Throwable thrown) {
    if (Cancellation.isCauseOf(thrown)) {
      cancelled();
      return;
    }
    Permit held = permit.getAndSet(null);
    if (held != null) {
      try (Scope scope = context.makeCurrent()) {
        held.failure(thrown, elapsedNanos());
      }
    }
  }

  /** It was answered with this HTTP status; which of them are failures, the policy says. */
  public void status(int code) {
    if (code >= FIRST_ERROR) {
      failure(Integer.toString(code));
    } else {
      success();
    }
  }

  private long elapsedNanos() {
    return System.nanoTime() - startNanos;
  }
}
