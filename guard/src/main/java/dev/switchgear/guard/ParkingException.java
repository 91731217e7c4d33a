package dev.switchgear.guard;

import org.jspecify.annotations.Nullable;

/**
 * Work is not known to be parked. {@link #mayBeHeld} tells whether it surely is not, or nobody
 * knows. Either way the caller has not got rid of it; parking it again under the same idempotency
 * key is safe.
 */
public final class ParkingException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean mayBeHeld;

  private ParkingException(String message, boolean mayBeHeld, @Nullable Throwable cause) {
    super(message, cause);
    this.mayBeHeld = mayBeHeld;
  }

  static ParkingException refused(String queue, String why, @Nullable Throwable cause) {
    return new ParkingException(
        "Work for queue %s is NOT accepted: %s. Park it again later, or tell your caller that it failed."
            .formatted(queue, why),
        false,
        cause);
  }

  static ParkingException unknown(String queue, String why, @Nullable Throwable cause) {
    return new ParkingException(
        "Work for queue %s may or may not be accepted: %s. Park it again under the same idempotency key."
            .formatted(queue, why),
        true,
        cause);
  }

  /**
   * False: the work is surely not accepted. True: nobody knows; it may be done although parking
   * failed.
   */
  public boolean mayBeHeld() {
    return mayBeHeld;
  }
}
