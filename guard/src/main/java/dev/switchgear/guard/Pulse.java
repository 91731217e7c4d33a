package dev.switchgear.guard;

/**
 * When a detector was last heard of: by a heartbeat, or by a state that was news. Thread-safe.
 *
 * <p>Heartbeats are read from the end of their partition on, so whatever is read was written since
 * this instance connected, and no clock is compared with another's.
 */
final class Pulse {

  private volatile boolean ever;
  private volatile long heardNanos;

  /** A sign of life has come. */
  void heard(long nowNanos) {
    heardNanos = nowNanos;
    ever = true;
  }

  /** For how long nothing has been heard; the longest there is if nothing ever was. */
  long silentNanos(long nowNanos) {
    return ever ? Math.max(0, nowNanos - heardNanos) : Long.MAX_VALUE;
  }
}
