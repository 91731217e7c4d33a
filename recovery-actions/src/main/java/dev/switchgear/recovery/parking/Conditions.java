package dev.switchgear.recovery.parking;

/** What limits releases just now. */
public interface Conditions {

  /** Items of the queue that may be in flight in this partition; 0 lets nothing out. */
  int inFlightLimit(String queue);

  /** Releases per second of the queue's items that wait for the breaker; 0 lets nothing out. */
  double releasePerSecond(String queue, String breaker);
}
