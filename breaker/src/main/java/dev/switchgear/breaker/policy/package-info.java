/**
 * What a breaker is told: objectives, the evidence wanted, back-off, probes, ramp. Start with
 * {@link dev.switchgear.breaker.policy.BreakerPolicy}; {@link
 * dev.switchgear.breaker.policy.BreakerPolicy#DEFAULT} is what holds where nobody said anything.
 */
@NullMarked
package dev.switchgear.breaker.policy;

import org.jspecify.annotations.NullMarked;
