package dev.switchgear.ingest.outlet;

import java.time.Duration;

/** A moment after which something is due; at first now. One thread uses it. */
final class Deadline {

  private long atNanos = System.nanoTime();

  void in(Duration fromNow) {
    atNanos = System.nanoTime() + fromNow.toNanos();
  }

  boolean isOver() {
    return System.nanoTime() - atNanos >= 0;
  }

  /** Zero or less once it is over. */
  Duration left() {
    return Duration.ofNanos(atNanos - System.nanoTime());
  }
}
