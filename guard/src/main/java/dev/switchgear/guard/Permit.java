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
  }

  /** Epoch of the breaker state that admitted the call. */
  public long epoch() {
    return tally.epoch();
  }

  /**
   * The call was answered. Where there are very many calls the durations of a random part count.
   */
  public void success(long elapsedNanos) {
    answered(Sampling.UNDRAWN, elapsedNanos);
  }

  /**
   * The same of a call that began with this draw.
   *
   * @param drawn {@link #draw}
   */
  void answered(int drawn, long elapsedNanos) {
    if (sampling.counts(drawn)) {
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
    failed(Sampling.UNDRAWN, errorType, elapsedNanos, Span.current());
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
    failure(ErrorType.of(thrown), elapsedNanos);
  }

  /** The call was given up by its caller: it says nothing about the dependency. */
  public void cancelled() {
    tally.turnstile().cancel();
    if (slots != null) {
      slots.giveBack();
    }
  }

  /**
   * The call, which began with this draw, failed.
   *
   * @param drawn {@link #draw}
   */
  void failed(int drawn, String errorType, long elapsedNanos, Span span) {
    if (sampling.counts(drawn)) {
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

  Tally tally() {
    return tally;
  }
}
