package dev.switchgear.gamedays.drill;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an act measured, apart from what the load generator counted.
 *
 * @param breaker null where nothing was sick
 * @param faultToOpen null where it did not happen; so the other two
 * @param callsReached calls that got as far as the sick dependency
 */
record Timings(
    @Nullable String breaker,
    @Nullable Duration faultToOpen,
    @Nullable Duration faultToObeyed,
    @Nullable Duration healToClosed,
    long callsReached,
    long callsRefused) {

  static final Timings NOTHING_SICK = new Timings(null, null, null, null, 0, 0);
}
