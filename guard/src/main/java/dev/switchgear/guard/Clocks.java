package dev.switchgear.guard;

/** Where the time comes from: the machine, or the hand that drives a test. */
interface Clocks {

  Clocks SYSTEM = new Machine();

  /** To measure with; of no meaning by itself. */
  long nanos();

  /** Wall clock, epoch milliseconds. */
  long millis();

  /** The machine's own clocks. */
  final class Machine implements Clocks {

    private Machine() {}

    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public long millis() {
      return System.currentTimeMillis();
    }
  }
}
