package dev.switchgear.schemas.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition. */
public final class Eventually {

  /** How long anything may take on a busy machine; only a test that fails waits for so long. */
  public static final Duration BOUND = Duration.ofSeconds(90);

  private static final Duration POLL = Duration.ofMillis(10);

  private Eventually() {}

  /** Fails, naming what was waited for, if the condition does not become true within the bound. */
  public static void holds(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(what + ": not within " + BOUND);
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }
}
