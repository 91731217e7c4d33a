package dev.switchgear.gamedays.drill;

import java.time.Duration;

/**
 * How long an act waits for each of its conditions before it reports a problem and goes on.
 *
 * @param ready guards and watch have read what Switchgear has published
 * @param open from a fault until the breaker is open
 * @param obeyed from then until every guard obeys
 * @param failedProbe until a breaker whose dependency is still sick has opened again
 * @param closed from the end of a fault until the breaker is closed
 * @param drained from then until nothing is parked any more
 * @param settled from then until every order is in the payment book
 */
record Bounds(
    Duration ready,
    Duration open,
    Duration obeyed,
    Duration failedProbe,
    Duration closed,
    Duration drained,
    Duration settled) {

  /** Several times what the default policy should need. */
  static final Bounds DEFAULT =
      new Bounds(
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(120),
          Duration.ofSeconds(120),
          Duration.ofSeconds(30));
}
