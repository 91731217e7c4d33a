package dev.switchgear.adapters;

import dev.switchgear.guard.Refusal;
import dev.switchgear.guard.Refused;
import java.io.IOException;

/**
 * A request was refused, and nothing was sent. An {@link IOException}, because that is what callers
 * of an HTTP client are prepared for. Has no stack trace: it says where the call was refused, and
 * that is known.
 */
public final class CallRefusedException extends IOException implements Refused {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // A record of values; it is not sent anywhere.
  private final Refusal refusal;

  public CallRefusedException(Refusal refusal) {
    this.refusal = refusal;
  }

  @Override
  public Refusal refusal() {
    return refusal;
  }

  @Override
  public String getMessage() {
    return text(refusal);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  /** A refusal in one line. */
  static String text(Refusal refusal) {
    return "%s refused by %s: %s, retry after %d ms"
        .formatted(
            refusal.breaker(), refusal.stage(), refusal.reason(), refusal.retryAfter().toMillis());
  }
}
