package dev.switchgear.guard;

import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Calls that whoever made them has given up. They say nothing of the dependency: they are cancelled
 * and not failed, and no fallback is asked, since nobody waits for an answer.
 */
public final class Cancellation {

  private Cancellation() {}

  /**
   * Whether a call of this thread ended with this because it was cancelled or interrupted. Where an
   * interrupt is but the cause of what was thrown, the thread has to say so as well, by its flag.
   * Not if the time of the call was over: that is its failure.
   */
  public static boolean isCauseOf(Throwable thrown) {
    Throwable met = ErrorType.unwrapped(thrown);
    return met instanceof CancellationException
        || met instanceof InterruptedException
        || met instanceof ClosedByInterruptException
        || (Thread.currentThread().isInterrupted() && isCausedByInterrupt(met));
  }

  /** Who throws this took the thread's flag away; the caller shall find it. */
  static void keepFlag(Throwable thrown) {
    if (thrown instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isCausedByInterrupt(Throwable thrown) {
    @Nullable Throwable each = thrown;
    for (int i = 0; i < Refused.CAUSES && each != null && !isTimeout(each); i++) {
      if (each instanceof InterruptedException || each instanceof InterruptedIOException) {
        return true;
      }
      each = each.getCause();
    }
    return false;
  }

  private static boolean isTimeout(Throwable thrown) {
    return thrown instanceof TimeoutException || thrown instanceof SocketTimeoutException;
  }
}
