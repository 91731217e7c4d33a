package dev.switchgear.guard;

import io.opentelemetry.api.trace.Span;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of that which calls throw is a failure, and under which name it counts. Thread-safe. */
final class Failures {

  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  /** What a call ends in whose caller waits no longer. */
  private static final String LATE = "TimeoutException";

  private final String breaker;
  private final Function<? super Exception, @Nullable String> errorType;

  /**
   * By somebody's opinion.
   *
   * @param errorType null stands for an answer like any other
   */
  Failures(String breaker, Function<? super Exception, @Nullable String> errorType) {
    this.breaker = breaker;
    this.errorType = errorType;
  }

  /**
   * Counts what a call threw that began with this draw; as cancelled, if another guard has refused
   * it.
   *
   * @param drawn {@link Permit#draw}
   * @return under which name a fallback is told of it; null if it goes to the caller
   */
  @Nullable String count(Permit permit, int drawn, Throwable thrown, long elapsedNanos, Span span) {
    if (!(thrown instanceof Exception exception)) {
      permit.failed(drawn, ErrorType.of(thrown), elapsedNanos, span);
      return null;
    }
    String type = typeOf(exception);
    if (type == null) {
      permit.answered(drawn, elapsedNanos);
    } else if (Refused.isCauseOf(thrown)) {
      permit.cancelled();
    } else {
      permit.failed(drawn, type, elapsedNanos, span);
    }
    return type;
  }

  /**
   * The same of a call that this thread made and waited for; as cancelled, if the thread was
   * interrupted. Not if that was because the time of a call around it is over: then it has failed,
   * and the exception goes to whoever set the time.
   */
  @Nullable String countHere(Permit permit, int drawn, Throwable thrown, long elapsedNanos) {
    if (!Cancellation.isInterrupt(thrown)) {
      return count(permit, drawn, thrown, elapsedNanos, Span.current());
    }
    if (Deadline.isOver()) {
      permit.failed(drawn, LATE, elapsedNanos, Span.current());
    } else {
      permit.cancelled();
    }
    if (thrown instanceof InterruptedException) { // Which took the thread's flag away.
      Thread.currentThread().interrupt();
    }
    return null;
  }

  /** The same of a call whose answer came later; as cancelled, if it was given up. */
  @Nullable String countLater(
      Permit permit, int drawn, Throwable thrown, long elapsedNanos, Span span) {
    if (Cancellation.isCauseOf(thrown)) {
      permit.cancelled();
      return null;
    }
    return count(permit, drawn, thrown, elapsedNanos, span);
  }

  /**
   * What a fallback is told. Apart from the counting, whose machine code may be too large to be
   * inlined: what is made there is allocated even if no fallback looks at it.
   */
  Failure told(String type, Throwable thrown) {
    return new Failure(breaker, type, (Exception) thrown);
  }

  private @Nullable String typeOf(Exception thrown) {
    try {
      return errorType.apply(
          ErrorType.unwrapped(thrown) instanceof Exception within ? within : thrown);
    } catch (Throwable e) {
      LOG.error("Cannot name the error of a call of {}; using its class", breaker, e);
      return ErrorType.of(thrown);
    }
  }
}
