package dev.switchgear.console;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for a condition, with a bound. */
final class Waiting {

  private static final long LOOK_EVERY_MILLIS = 20;

  private Waiting() {}

  static void until(Callable<Boolean> condition, Duration bound) throws InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    CountDownLatch never = new CountDownLatch(1);
    while (!holds(condition)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Not within " + bound);
      }
      never.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static boolean holds(Callable<Boolean> condition) {
    try {
      return condition.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
