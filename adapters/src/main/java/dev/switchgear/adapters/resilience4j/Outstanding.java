package dev.switchgear.adapters.resilience4j;

import dev.switchgear.guard.Permit;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Permits of calls that run. Resilience4j's results do not name the call that they are of, but say
 * how long it took: so they say when it began, and with that in which epoch it was admitted.
 * Thread-safe.
 */
final class Outstanding {

  /** A guard forgets older epochs as well. */
  private static final int EPOCHS = 16;

  /** The newest first. */
  private final Deque<Epoch> epochs = new ArrayDeque<>();

  private static final class Epoch {
    final Permit permit;
    final long sinceNanos;
    int calls;

    Epoch(Permit permit, long sinceNanos) {
      this.permit = permit;
      this.sinceNanos = sinceNanos;
    }
  }

  /** One more call has this permit; whether it is the first of its epoch. */
  synchronized boolean add(Permit permit, long nowNanos) {
    for (Epoch each : epochs) {
      if (each.permit == permit) {
        each.calls++;
        return false;
      }
    }
    Epoch begun = new Epoch(permit, nowNanos);
    begun.calls++;
    epochs.removeIf(each -> each.calls == 0);
    epochs.addFirst(begun);
    if (epochs.size() > EPOCHS) {
      epochs.removeLast();
    }
    return true;
  }

  /** The permit of a call that began then, or the nearest that is out; null if no call runs. */
  synchronized @Nullable Permit take(long beganNanos) {
    Epoch found = null;
    for (Epoch each : epochs) {
      if (each.calls > 0) {
        found = each;
        if (each.sinceNanos - beganNanos <= 0) {
          break;
        }
      }
    }
    if (found == null) {
      return null;
    }
    found.calls--;
    return found.permit;
  }
}
