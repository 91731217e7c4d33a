package dev.switchgear.guard;

/**
 * A call was refused and nobody had said what to do instead. Has no stack trace: it says where the
 * call was refused, and that is known.
 */
public final class RefusedException extends Exception implements Refused {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // A record of values; it is not sent anywhere.
  private final Refusal refusal;

  /** For whoever asked with {@code admit}, and has nothing else to do than to fail. */
  public RefusedException(Refusal refusal) {
    super(
        "%s refused by %s: %s, retry after %d ms"
            .formatted(
                refusal.breaker(),
                refusal.stage(),
                refusal.reason(),
                refusal.retryAfter().toMillis()),
        null,
        false,
        false);
    this.refusal = refusal;
  }

  @Override
  public Refusal refusal() {
    return refusal;
  }
}
