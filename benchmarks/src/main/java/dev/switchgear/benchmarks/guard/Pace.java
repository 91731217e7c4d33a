package dev.switchgear.benchmarks.guard;

import java.time.Duration;

/**
 * How long is measured. The least is what counts: of many short iterations one is more likely to be
 * without disturbance than of few long ones, and so are rounds that lie minutes apart, as a machine
 * that others share is slower for seconds on end.
 *
 * @param rounds in each of which all are measured, each in a virtual machine of its own
 * @param warmups iterations of each round that do not count
 * @param iterations that do
 * @param iteration how long each takes
 */
public record Pace(int rounds, int warmups, int iterations, Duration iteration) {

  /** Seventy virtual machines a round, in about sixteen minutes. */
  public static final Pace USUAL = new Pace(2, 12, 20, Duration.ofMillis(70));

  /** One round in six: the order of the contenders is right, the second digit need not be. */
  public static final Pace QUICK = new Pace(1, 16, 20, Duration.ofMillis(50));

  public Pace {
    if (rounds < 1 || warmups < 0 || iterations < 1 || iteration.toMillis() < 1) {
      throw new IllegalArgumentException(
          "rounds: %d, warmups: %d, iterations: %d, iteration: %s"
                  .formatted(rounds, warmups, iterations, iteration)
              + " (expected: at least 1, 0, 1 and PT0.001S)");
    }
  }
}
