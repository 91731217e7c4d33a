package dev.switchgear.recovery;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition. */
final class Eventually {

  private static final Duration BOUND = Duration.ofSeconds(90);
  private static final Duration POLL = Duration.ofMillis(10);

  private Eventually() {}

  static void holds(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(what + ": not within " + BOUND);
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }
}
