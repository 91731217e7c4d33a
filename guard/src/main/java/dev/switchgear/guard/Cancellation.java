package dev.switchgear.guard;

import java.io.InterruptedIOException;
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
   * Whether a call whose answer comes later ended with this because it was cancelled or
   * interrupted. Whoever waits for an answer on its own thread is another case: what was cancelled
   * there is not the wait.
   */
  public static boolean isCauseOf(Throwable thrown) {
    Throwable met = ErrorType.unwrapped(thrown);
    return (met instanceof CancellationException && !isTimeout(met))
        || met instanceof InterruptedException
        || met instanceof ClosedByInterruptException;
  }

  /**
   * Whether a call of this thread ended with this because the thread was interrupted. Where that is
   * not what was thrown but its cause, the thread's flag has to say so as well.
   */
  static boolean isInterrupt(Throwable thrown) {
    return thrown instanceof InterruptedException
        || thrown instanceof ClosedByInterruptException
        || (Thread.currentThread().isInterrupted() && isCausedByInterrupt(thrown));
  }

  private static boolean isCausedByInterrupt(Throwable thrown) {
    @Nullable Throwable each = thrown;
    for (int i = 0; i < Refused.CAUSES && each != null && !isTimeout(each); i++) {
      if (each instanceof InterruptedException
          || each instanceof InterruptedIOException
          || each instanceof ClosedByInterruptException
          || each instanceof CancellationException) {
        return true;
      }
      each = each.getCause();
    }
    return false;
  }

  /** Libraries let theirs be cancellations, or interrupts; the name is what they have in common. */
  private static boolean isTimeout(Throwable thrown) {
    return thrown instanceof TimeoutException || ErrorType.of(thrown).contains("Timeout");
  }
}
