/**
 * Policies as people write them. {@link dev.switchgear.detector.policy.PolicyFile} reads them from
 * YAML, {@link dev.switchgear.detector.policy.PolicyRecords} from the records of a topic; a {@link
 * dev.switchgear.detector.policy.PolicyBook} of both says which {@link
 * dev.switchgear.breaker.policy.BreakerPolicy} holds for which breaker, and why. What is wrong
 * comes out as a {@link dev.switchgear.detector.policy.PolicyException} that names each place.
 */
@NullMarked
package dev.switchgear.detector.policy;

import org.jspecify.annotations.NullMarked;
