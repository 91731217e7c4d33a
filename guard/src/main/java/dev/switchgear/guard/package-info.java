/**
 * The service side of Switchgear: what a service embeds to obey the fleet's breakers.
 *
 * <p>Start with {@link dev.switchgear.guard.Switchgear}: one per service instance. Its {@link
 * dev.switchgear.guard.GuardedCall}s stand between callers and dependencies with breaker, limits,
 * deadline, retries and fallbacks; a {@link dev.switchgear.guard.Guard} is the breaker alone.
 * {@link dev.switchgear.guard.Parking} accepts work that can wait, {@link
 * dev.switchgear.guard.Replay} does it once the dependency is well, {@link
 * dev.switchgear.guard.Board} and {@link dev.switchgear.guard.Health} tell what this instance
 * believes, and {@link dev.switchgear.guard.TestGear} is all of this for tests, without Kafka.
 *
 * <p>In: breaker states, heartbeats of detectors, parked work coming back. Out: observations,
 * heartbeats, parked work and its outcomes. Nothing a caller does waits for Kafka, but for parking,
 * which has to. Where no detector is heard, the brain judges here, by this instance's own calls.
 */
@NullMarked
package dev.switchgear.guard;

import org.jspecify.annotations.NullMarked;
