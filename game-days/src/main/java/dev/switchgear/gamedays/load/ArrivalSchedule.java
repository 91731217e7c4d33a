package dev.switchgear.gamedays.load;

import java.util.Random;

/**
 * When requests arrive, and of which kind: each kind is a Poisson process of the given rate, which
 * is the same as one of the summed rate whose kinds are drawn evenly. At first fewer come, as when
 * a shop opens: services that have just started are slow, and that is not what is to be measured.
 * The same seed gives the same schedule.
 */
final class ArrivalSchedule {

  private static final double NANOS_PER_SECOND = 1e9;

  /** The rate grows from a tenth to its full height over this long. */
  private static final double OPENING_NANOS = 6 * NANOS_PER_SECOND;

  /** What is asked for. */
  enum Kind {
    HOME,
    SEARCH,
    ORDER
  }

  /**
   * One request to come.
   *
   * @param atNanos since the beginning of the schedule
   */
  record Arrival(long atNanos, Kind kind) {}

  private final Random random;
  private final double meanGapNanos;
  private double atNanos;

  /**
   * A schedule from its beginning.
   *
   * @param ratePerSecond of each kind
   */
  ArrivalSchedule(double ratePerSecond, long seed) {
    this.random = new Random(seed);
    this.meanGapNanos = NANOS_PER_SECOND / (ratePerSecond * Kind.values().length);
  }

  Arrival next() {
    double open = Math.min(1, 0.1 + 0.9 * atNanos / OPENING_NANOS);
    atNanos -= Math.log(1 - random.nextDouble()) * meanGapNanos / open;
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    return new Arrival(Math.round(atNanos), kind);
  }
}
