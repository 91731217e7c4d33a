package dev.switchgear.ingest.gateway;

/** A request that is refused as a whole; the sender is told why. Without a stack trace. */
final class RequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Refusal refusal;

  RequestException(Refusal refusal, String message) {
    super(message, null, false, false);
    this.refusal = refusal;
  }

  Refusal refusal() {
    return refusal;
  }
}
