package dev.switchgear.guard;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Tells for how long the oldest running call has been running at least, at no cost to the calls.
 *
 * <p>It knows how many calls were admitted between two readings, and how many finished after how
 * long, to the width of a latency bucket. Each finished call is taken from the oldest group of
 * admissions that it can have belonged to; what is left are the running calls. By taking the oldest
 * possible, no prefix of the groups ever holds more calls here than in truth, so the age is never
 * told too long: nobody is thought hanging by mistake. It is exact, to one interval, while all
 * calls hang; it is too short while others still finish, all the more where these are not timed.
 */
final class OpenCalls {

  /** A minute of readings; older groups are merged, and the age stops growing exactly there. */
  private static final int GROUPS = 240;

  private final Deque<Group> groups = new ArrayDeque<>();
  private long previousNanos;
  private long finishedUnadmitted;

  OpenCalls(long nowNanos) {
    this.previousNanos = nowNanos;
  }

  private static final class Group {
    final long untilNanos;
    long calls;

    Group(long untilNanos, long calls) {
      this.untilNanos = untilNanos;
      this.calls = calls;
    }
  }

  /**
   * Accounts for what happened since the last reading. Calls that were admitted after the reading
   * of admissions may be among the finished; they are settled with the next reading.
   */
  void read(long nowNanos, long admitted, long[] finishedBySlot, long cancelled) {
    long settled = Math.min(admitted, finishedUnadmitted);
    finishedUnadmitted -= settled;
    if (admitted > settled) {
      groups.addLast(new Group(nowNanos, admitted - settled));
    }
    for (int slot = LatencyIndex.UNTIMED - 1; slot >= 0; slot--) {
      if (finishedBySlot[slot] > 0) {
        long earliest = previousNanos - LatencyIndex.upperBoundNanos(slot);
        take(finishedBySlot[slot], earliest);
      }
    }
    take(finishedBySlot[LatencyIndex.UNTIMED] + cancelled, Long.MIN_VALUE);
    mergeOldest();
    previousNanos = nowNanos;
  }

  /** Age of the oldest running call; 0 if none runs. */
  long oldestMillis(long nowNanos) {
    Group oldest = groups.peekFirst();
    return oldest == null ? 0 : (nowNanos - oldest.untilNanos) / 1_000_000;
  }

  private void take(long calls, long earliestNanos) {
    long left = takeFrom(calls, earliestNanos);
    finishedUnadmitted += takeFrom(left, Long.MIN_VALUE);
  }

  private long takeFrom(long calls, long earliestNanos) {
    long left = calls;
    Iterator<Group> oldestFirst = groups.iterator();
    while (left > 0 && oldestFirst.hasNext()) {
      Group group = oldestFirst.next();
      if (group.untilNanos >= earliestNanos) {
        long taken = Math.min(left, group.calls);
        group.calls -= taken;
        left -= taken;
        if (group.calls == 0) {
          oldestFirst.remove();
        }
      }
    }
    return left;
  }

  private void mergeOldest() {
    if (groups.size() > GROUPS) {
      Group oldest = groups.removeFirst();
      groups.getFirst().calls += oldest.calls;
    }
  }
}
