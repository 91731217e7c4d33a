/**
 * Resilience4j's circuit breakers, led by the fleet: {@link
 * dev.switchgear.adapters.resilience4j.FleetCircuitBreaker} stands in for an existing one, so that
 * whatever was decorated with that stays as it is.
 *
 * <p>In: permissions asked for, and results, by Resilience4j's protocol. Out: what the fleet's
 * breaker says, results as its observations, and the existing breaker's own metrics and events.
 */
@NullMarked
package dev.switchgear.adapters.resilience4j;

import org.jspecify.annotations.NullMarked;
