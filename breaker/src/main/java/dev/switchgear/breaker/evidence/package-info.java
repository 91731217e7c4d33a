/**
 * What is known of a dependency's calls, and how sure that makes us.
 *
 * <p>{@link dev.switchgear.breaker.evidence.CallSample} comes in; {@link
 * dev.switchgear.breaker.evidence.Window} keeps the recent past, {@link
 * dev.switchgear.breaker.evidence.LatencyBaseline} what is normal; {@link
 * dev.switchgear.breaker.evidence.ExcessTest} says when the share of bad calls is proven too high,
 * {@link dev.switchgear.breaker.evidence.RecoveryTest} when a dependency is proven well or ill
 * again. All of it is plain arithmetic over values: no clock, no randomness, no I/O. The mutable
 * classes are not thread-safe.
 */
@NullMarked
package dev.switchgear.breaker.evidence;

import org.jspecify.annotations.NullMarked;
