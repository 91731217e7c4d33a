package dev.switchgear.guard;

/** Pools of calls, as tests need them. */
final class Pools {

  private Pools() {}

  /** Waits until no call runs any more, or the test's time is over. */
  static void awaitIdle(CallPool pool) throws InterruptedException {
    awaitRunning(pool, 0);
  }

  /** Waits until so many calls run or wait, or the test's time is over. */
  static void awaitRunning(CallPool pool, int calls) throws InterruptedException {
    while (pool.running() != calls) {
      if (Thread.interrupted()) {
        throw new InterruptedException(pool.running() + " calls of " + pool.name() + " run");
      }
      Thread.onSpinWait();
    }
  }
}
