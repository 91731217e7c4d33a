package dev.switchgear.schemas.streams;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Tells a thread that dies now and then from one that dies of whatever it does. Thread-safe. */
final class ThreadDeaths {

  /** A cluster that is restarted broker by broker costs a few threads; ten are a defect. */
  static final int BEARABLE = 10;

  static final Duration WITHIN = Duration.ofMinutes(10);

  private final Deque<Long> recentNanos = new ArrayDeque<>();

  /** Counts a death; false if there were too many lately. */
  synchronized boolean isBearable(long nowNanos) {
    while (!recentNanos.isEmpty() && nowNanos - recentNanos.getFirst() > WITHIN.toNanos()) {
      recentNanos.removeFirst();
    }
    recentNanos.addLast(nowNanos);
    return recentNanos.size() <= BEARABLE;
  }
}
