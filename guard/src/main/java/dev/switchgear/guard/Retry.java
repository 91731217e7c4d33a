package dev.switchgear.guard;

import java.time.Duration;

/**
 * How calls that failed are made again. Only for calls that may be made twice. Never more than a
 * share of all calls, never into a breaker or a limit that refuses, never past the deadline.
 *
 * @param attempts calls at most for one answer, the first included; 2..10
 * @param share retries per call at most, over all calls; more than 0, at most 1
 * @param backOff before the second attempt, and twice as long before each further one; half to all
 *     of it at random; 0..1 min
 */
public record Retry(int attempts, double share, Duration backOff) {

  private static final int MOST_ATTEMPTS = 10;
  private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(1);

  /** Once more, for one call in ten, after 25 to 50 ms. */
  public static final Retry ONCE = new Retry(2, 0.1, Duration.ofMillis(50));

  public Retry {
    if (attempts < 2 || attempts > MOST_ATTEMPTS) {
      throw bad("attempts", attempts, "2.." + MOST_ATTEMPTS);
    }
    if (!(share > 0 && share <= 1)) {
      throw bad("share", share, "more than 0, at most 1");
    }
    if (backOff.isNegative() || backOff.compareTo(LONGEST_BACK_OFF) > 0) {
      throw bad("backOff", backOff, "0.." + LONGEST_BACK_OFF);
    }
  }

  /**
   * The wait before an attempt.
   *
   * @param attempt 2 or more
   * @param random 0..1
   */
  long backOffNanos(int attempt, double random) {
    long full = backOff.toNanos() << Math.min(attempt - 2, MOST_ATTEMPTS);
    long most = Math.min(full, LONGEST_BACK_OFF.toNanos());
    return most / 2 + (long) (random * (most - most / 2));
  }

  private static IllegalArgumentException bad(String name, Object value, String expected) {
    return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
  }
}
