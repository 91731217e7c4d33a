package dev.switchgear.guard;

import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An exception that tells of a refusal. A call that ends in one, or in an exception that one has
 * caused, has been stopped by a guard within it: it is cancelled and not failed, for else an open
 * breaker would open those around it. To be implemented by exceptions that adapters throw.
 */
public interface Refused {

  /** Causes that are looked at: more have nothing to say to people either, and some are circles. */
  int CAUSES = 16;

  /** Why. */
  Refusal refusal();

  /**
   * Whether this was thrown because a call was refused. Not if the time of the call was over: that
   * is its failure, whatever it met in the end.
   */
  static boolean isCauseOf(@Nullable Throwable thrown) {
    Throwable each = thrown;
    for (int i = 0; i < CAUSES && each != null && !(each instanceof TimeoutException); i++) {
      if (each instanceof Refused) {
        return true;
      }
      each = each.getCause();
    }
    return false;
  }
}
