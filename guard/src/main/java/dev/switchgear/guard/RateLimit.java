package dev.switchgear.guard;

import java.time.Duration;

/**
 * How many calls may be made in a while: a token bucket, that holds {@code burst} calls and gains
 * {@code calls} of them {@code per} while.
 *
 * @param calls 1..1,000,000,000
 * @param per 1 ms..1 day
 * @param burst calls that may be made at once after a pause; 1..1,000,000,000, filled again within
 *     a week
 */
public record RateLimit(long calls, Duration per, long burst) {

  private static final long MOST = 1_000_000_000;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final double REFILL_NANOS = 7 * 86_400e9;

  public RateLimit {
    if (calls < 1 || calls > MOST) {
      throw bad("calls", calls, "1.." + MOST);
    }
    if (per.compareTo(SHORTEST) < 0 || per.compareTo(LONGEST) > 0) {
      throw bad("per", per, SHORTEST + ".." + LONGEST);
    }
    if (burst < 1 || burst > MOST || burst * (double) per.toNanos() / calls > REFILL_NANOS) {
      throw bad("burst", burst, "1.." + MOST + ", filled again within a week");
    }
  }

  /** So many calls a second, all of them at once if need be. */
  public static RateLimit perSecond(long calls) {
    return new RateLimit(calls, Duration.ofSeconds(1), calls);
  }

  /** So many calls a minute, all of them at once if need be. */
  public static RateLimit perMinute(long calls) {
    return new RateLimit(calls, Duration.ofMinutes(1), calls);
  }

  /** The same rate with another burst. */
  public RateLimit burst(long calls) {
    return new RateLimit(this.calls, per, calls);
  }

  private static IllegalArgumentException bad(String name, Object value, String expected) {
    return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
  }
}
