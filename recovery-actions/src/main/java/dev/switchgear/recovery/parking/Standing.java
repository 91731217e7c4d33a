package dev.switchgear.recovery.parking;

/**
 * How the part of a queue that lies in one partition stands.
 *
 * @param breaker breaker of its oldest item; empty where there is none
 * @param parked unfinished items, those in flight included
 * @param done items done since the queue was first seen
 * @param quarantined items given up since the queue was first seen
 * @param oldestParkedAtMillis when its oldest item was parked; 0 where there is none
 * @param stopped everything looks like poison
 */
public record Standing(
    String breaker,
    long parked,
    int inFlight,
    long done,
    long quarantined,
    long oldestParkedAtMillis,
    boolean stopped) {

  /** Of a queue that was never seen. */
  public static final Standing NOTHING = new Standing("", 0, 0, 0, 0, 0, false);
}
