package dev.switchgear.guard;

/** Pools of calls, as tests need them. */
final class Pools {

  private Pools() {}

  /** Waits until no call runs any more, or the test's time is over. */
  static void awaitIdle(CallPool pool) throws InterruptedException {
    while (pool.running() > 0) {
      if (Thread.interrupted()) {
        throw new InterruptedException(pool.running() + " calls of " + pool.name() + " still run");
      }
      Thread.onSpinWait();
    }
  }
}
