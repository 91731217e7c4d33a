package dev.switchgear.spring;

import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.RefusedException;
import java.util.Optional;

/**
 * A guarded method gave no answer, and does not declare the exception that says why: the cause, a
 * {@link RefusedException} or a {@code TimeoutException}. Has no stack trace of its own.
 */
public final class UnansweredException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnansweredException(Exception why) {
    super(why.getMessage(), why, false, false);
  }

  /** Why the call was refused; empty if it was made and took too long. */
  public Optional<Refusal> refusal() {
    return getCause() instanceof RefusedException refused
        ? Optional.of(refused.refusal())
        : Optional.empty();
  }
}
