package dev.switchgear.guard;

import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An exception that tells of a refusal. A call that ends in one, or in an exception that one has
 * caused, has been stopped by a guard within it: it is cancelled and not failed, for else an open
 * breaker would open those around it. To be implemented by exceptions that adapters throw; of
 * libraries whose exceptions cannot do so the class is named ({@link #also}).
 */
public interface Refused {

  /** Causes that are looked at: more have nothing to say to people either, and some are circles. */
  int CAUSES = 16;

  /** Why. */
  Refusal refusal();

  /**
   * From now on exceptions of this class tell of a refusal, too, in all of this process: for a
   * library's own that says that nothing was called.
   *
   * @param type one of at most 16 classes
   */
  static void also(Class<? extends Throwable> type) {
    RefusedTypes.add(Objects.requireNonNull(type, "type"));
  }

  /**
   * Whether this was thrown because a call was refused. Not if the time of the call was over: that
   * is its failure, whatever it met in the end.
   */
  static boolean isCauseOf(@Nullable Throwable thrown) {
    Throwable each = thrown;
    for (int i = 0; i < CAUSES && each != null && !(each instanceof TimeoutException); i++) {
      if (each instanceof Refused || RefusedTypes.include(each)) {
        return true;
      }
      each = each.getCause();
    }
    return false;
  }
}
