/**
 * How a limit of the whole fleet is shared among its instances.
 *
 * <p>Start with {@link dev.switchgear.breaker.quota.FleetLimit}, one per limit. What instances want
 * goes in ({@link dev.switchgear.breaker.quota.Demand}), with the time as data; whenever it has
 * changed enough to matter, what each of them may take comes out ({@link
 * dev.switchgear.breaker.quota.Handout}).
 *
 * <p>Plain arithmetic over values: no clock, no randomness, no I/O. Not thread-safe.
 */
@NullMarked
package dev.switchgear.breaker.quota;

import org.jspecify.annotations.NullMarked;
