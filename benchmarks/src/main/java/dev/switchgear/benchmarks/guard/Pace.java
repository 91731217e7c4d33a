package dev.switchgear.benchmarks.guard;

import java.time.Duration;

/**
 * How long is measured, in a virtual machine of its own for each contender and number of threads.
 *
 * @param warmups iterations that do not count
 * @param iterations that do
 * @param iteration how long each takes
 */
public record Pace(int warmups, int iterations, Duration iteration) {

  /** Seventy virtual machines in about eight minutes. */
  public static final Pace USUAL = new Pace(4, 10, Duration.ofMillis(350));

  /** The same in three: the order of the contenders is right, the second digit need not be. */
  public static final Pace QUICK = new Pace(2, 5, Duration.ofMillis(200));

  public Pace {
    if (warmups < 0 || iterations < 1 || iteration.toMillis() < 1) {
      throw new IllegalArgumentException(
          "warmups: %d, iterations: %d, iteration: %s (expected: at least 0, 1 and PT0.001S)"
              .formatted(warmups, iterations, iteration));
    }
  }
}
