package dev.switchgear.recovery.parking;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Doubts whether it is the work that is ill. Items of a few keys may go to quarantine in a row;
 * when one of yet another key should follow and nothing was done in between, it is more likely the
 * dependency, and the queue stops: nothing more goes to quarantine, and one item at a time is
 * tried, ever more seldom, until one is done.
 */
final class Suspicion {

  /** Keys whose items may go to quarantine without one item done in between. */
  static final int KEYS = 3;

  private final Set<String> keys = new LinkedHashSet<>();
  private boolean stopped;
  private int failures;
  private long pausedUntilMillis;

  void restore(QueueMemory memory) {
    keys.clear();
    keys.addAll(memory.suspects());
    stopped = memory.stopped();
    failures = memory.failuresWhileStopped();
    pausedUntilMillis = memory.pausedUntilMillis();
  }

  QueueMemory memory(long done, long quarantined) {
    return new QueueMemory(
        done, quarantined, List.copyOf(keys), stopped, failures, pausedUntilMillis);
  }

  /** Whether an item of the key may go to quarantine; if not, the queue has stopped. */
  boolean allowsQuarantine(String workKey) {
    if (stopped || (!keys.contains(workKey) && keys.size() >= KEYS)) {
      stopped = true;
      return false;
    }
    keys.add(workKey);
    return true;
  }

  void failed(long nowMillis) {
    if (stopped) {
      failures++;
      pausedUntilMillis = nowMillis + Backoff.longest(failures);
    }
  }

  void done() {
    keys.clear();
    stopped = false;
    failures = 0;
    pausedUntilMillis = 0;
  }

  boolean stopped() {
    return stopped;
  }

  /** The in-flight limit that is left of the given one. */
  int limit(int inFlightLimit, long nowMillis) {
    if (!stopped) {
      return inFlightLimit;
    }
    long left = pausedUntilMillis - nowMillis;
    // A pause that is longer than any was begun by a clock that has been set back since.
    boolean paused = left > 0 && left <= Backoff.LONGEST_MILLIS;
    return paused ? 0 : Math.min(1, inFlightLimit);
  }
}
