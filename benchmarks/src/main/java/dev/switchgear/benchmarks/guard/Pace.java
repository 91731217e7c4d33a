package dev.switchgear.benchmarks.guard;

import java.time.Duration;

/**
 * How long is measured. The least is what counts: of many short iterations one is more likely to be
 * without disturbance than of few long ones, and so is one of several rounds, as a machine that
 * others share is slower for seconds on end.
 *
 * @param rounds in each of which all are measured, each in a virtual machine of its own
 * @param warmup how long each of {@link #WARMUPS} iterations takes that do not count; with shorter
 *     ones the compiler sometimes settles for less
 * @param iterations of each round that count
 * @param iteration how long each of them takes
 */
public record Pace(int rounds, Duration warmup, int iterations, Duration iteration) {

  static final int WARMUPS = 4;

  /** Of everything there is, 74 virtual machines a round: a quarter of an hour. */
  public static final Pace USUAL = new Pace(2, Duration.ofMillis(300), 50, Duration.ofMillis(30));

  /**
   * One round, in six minutes: the order of the contenders is right, the second digit need not be.
   */
  public static final Pace QUICK = new Pace(1, Duration.ofMillis(200), 30, Duration.ofMillis(30));

  public Pace {
    if (rounds < 1 || warmup.toMillis() < 1 || iterations < 1 || iteration.toMillis() < 1) {
      throw new IllegalArgumentException(
          "rounds: %d, warmup: %s, iterations: %d, iteration: %s"
                  .formatted(rounds, warmup, iterations, iteration)
              + " (expected: at least 1, PT0.001S, 1 and PT0.001S)");
    }
  }
}
