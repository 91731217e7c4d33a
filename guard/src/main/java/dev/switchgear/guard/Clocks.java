package dev.switchgear.guard;

/**
 * Where the time comes from: the machine, or the hand that drives a test. No interface, as HotSpot
 * would look at the class of the clock with each read.
 */
abstract class Clocks {

  static final Clocks SYSTEM = new Machine();

  /** To measure with; of no meaning by itself. */
  abstract long nanos();

  /** Wall clock, epoch milliseconds. */
  abstract long millis();

  /** The machine's own clocks. */
  private static final class Machine extends Clocks {

    @Override
    long nanos() {
      return System.nanoTime();
    }

    @Override
    long millis() {
      return System.currentTimeMillis();
    }
  }
}
