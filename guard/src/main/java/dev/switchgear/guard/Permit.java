package dev.switchgear.guard;

import io.opentelemetry.api.trace.Span;
import org.jspecify.annotations.Nullable;

/**
 * Leave to make one call. Whoever holds it owes exactly one of {@link #success}, {@link #failure}
 * and {@link #cancelled}, at any time and from any thread; the result counts for the epoch in which
 * the call was admitted. Shared by all calls of one breaker and epoch, so that admitting allocates
 * nothing.
 */
public final class Permit implements Admission {

  private final Tally tally;
  private final Latencies answered;
  private final Sampling sampling;
  private final @Nullable Slots slots;

  /** The same leave where it is known that the duration counts; null in that one and the next. */
  private final @Nullable Permit timed;

  /** The same where it is known that the duration does not count. */
  private final @Nullable Permit untimed;

  private final boolean counts;

  Permit(Tally tally) {
    this(tally, null);
  }

  /**
   * Of a call that holds a slot as well.
   *
   * @param slots where to give it back
   */
  Permit(Tally tally, @Nullable Slots slots) {
    this.tally = tally;
    this.answered = tally.answered();
    this.sampling = tally.sampling();
    this.slots = slots;
    this.timed = new Permit(tally, slots, true);
    this.untimed = new Permit(tally, slots, false);
    this.counts = true;
  }

  private Permit(Tally tally, @Nullable Slots slots, boolean counts) {
    this.tally = tally;
    this.answered = tally.answered();
    this.sampling = tally.sampling();
    this.slots = slots;
    this.timed = null;
    this.untimed = null;
    this.counts = counts;
  }

  /** Epoch of the breaker state that admitted the call. */
  public long epoch() {
    return tally.epoch();
  }

  /**
   * The call was answered. Where there are very many calls the durations of a random part count.
   */
  public void success(long elapsedNanos) {
    ended(Sampling.UNDRAWN).answered(elapsedNanos);
  }

  /** The same where it has been drawn whether the duration counts. */
  void answered(long elapsedNanos) {
    if (counts) {
      answered.record(elapsedNanos);
    } else {
      answered.recordUntimed();
    }
    if (slots != null) {
      slots.answered(elapsedNanos);
    }
  }

  /**
   * The call failed. If the current span is being traced, its trace id becomes evidence.
   *
   * @param errorType a name of low cardinality, as OpenTelemetry's {@code error.type}; beyond 16
   *     names in an epoch further ones are counted as {@code *}
   */
  public void failure(String errorType, long elapsedNanos) {
    failure(errorType, elapsedNanos, Span.current());
  }

  /**
   * The call failed with this, whose class without the package names the error. A refusal ({@link
   * Refused#isCauseOf}) is none: the call is cancelled.
   */
  public void failure(Throwable thrown, long elapsedNanos) {
    if (Refused.isCauseOf(thrown)) {
      cancelled();
      return;
    }
    failure(ErrorType.of(ErrorType.unwrapped(thrown)), elapsedNanos);
  }

  /** The call was given up by its caller: it says nothing about the dependency. */
  public void cancelled() {
    tally.turnstile().cancel();
    if (slots != null) {
      slots.giveBack();
    }
  }

  /** The call threw this, which counts under that name, unless it was refused by another guard. */
  void failure(Exception thrown, String errorType, long elapsedNanos, Span span) {
    if (Refused.isCauseOf(thrown)) {
      cancelled();
    } else {
      failure(errorType, elapsedNanos, span);
    }
  }

  void failure(String errorType, long elapsedNanos, Span span) {
    ended(Sampling.UNDRAWN).failed(errorType, elapsedNanos, span);
  }

  private void failed(String errorType, long elapsedNanos, Span span) {
    if (counts) {
      tally.failed(errorType, elapsedNanos, span);
    } else {
      tally.failedUntimed(errorType, span);
    }
    if (slots != null) {
      slots.failed(errorType, elapsedNanos);
    }
  }

  /** Draws whether the call, which begins now, is timed. */
  int draw() {
    return sampling.draw();
  }

  /** What a call that ends now and began with this draw is counted with. */
  Permit ended(int drawn) {
    if (timed == null || untimed == null) {
      return this;
    }
    return sampling.counts(drawn) ? timed : untimed;
  }

  Tally tally() {
    return tally;
  }
}
