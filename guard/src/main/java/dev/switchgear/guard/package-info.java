/**
 * The service side of Switchgear: what a service embeds to obey the fleet's breakers.
 *
 * <p>Start with {@link dev.switchgear.guard.Switchgear}: one per service instance. Its {@link
 * dev.switchgear.guard.Guard}s decide calls and count their results, {@link
 * dev.switchgear.guard.Parking} accepts work that can wait, {@link dev.switchgear.guard.Replay}
 * does it once the dependency is well, and {@link dev.switchgear.guard.Board} tells what this
 * instance believes.
 *
 * <p>In: breaker states, parked work coming back. Out: observations, heartbeats, parked work and
 * its outcomes. Nothing a caller does waits for Kafka, but for parking, which has to.
 */
@NullMarked
package dev.switchgear.guard;

import org.jspecify.annotations.NullMarked;
