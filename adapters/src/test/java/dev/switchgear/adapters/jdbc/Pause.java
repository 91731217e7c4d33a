package dev.switchgear.adapters.jdbc;

import java.util.concurrent.CountDownLatch;

/** A function of SQL that takes its time, so that a statement runs until it is stopped. */
public final class Pause {

  private static volatile CountDownLatch first = new CountDownLatch(1);

  private Pause() {}

  /** Called by H2. */
  public static int pause(int millis) throws InterruptedException {
    first.countDown();
    Thread.sleep(millis);
    return millis;
  }

  static void reset() {
    first = new CountDownLatch(1);
  }

  static void awaitFirst() throws InterruptedException {
    first.await();
  }
}
