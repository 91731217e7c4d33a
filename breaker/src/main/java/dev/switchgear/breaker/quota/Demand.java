package dev.switchgear.breaker.quota;

import java.util.Map;

/**
 * What one instance wanted of one limit since it last said so.
 *
 * @param instance name of the instance; unique in the fleet
 * @param wanted calls that were tried, refused ones included, by tier
 * @param interval how long it took, in milliseconds; 1..3,600,000
 * @param leaving whether it wants nothing any more
 */
public record Demand(String instance, Map<String, Long> wanted, int interval, boolean leaving) {

  private static final int LONGEST = 3_600_000;

  public Demand {
    wanted = Map.copyOf(wanted);
    if (instance.isBlank()) {
      throw bad("instance", "\"" + instance + "\"", "a name");
    }
    if (interval < 1 || interval > LONGEST) {
      throw bad("interval", interval, "1.." + LONGEST);
    }
    wanted.values().stream().filter(calls -> calls < 0).findAny().ifPresent(Demand::refuse);
  }

  private static void refuse(long calls) {
    throw bad("wanted", calls, "at least 0");
  }

  private static IllegalArgumentException bad(String name, Object value, String expected) {
    return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
  }
}
