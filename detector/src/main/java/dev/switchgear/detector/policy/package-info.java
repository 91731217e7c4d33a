/**
 * Policies as people write them. {@link dev.switchgear.detector.policy.PolicyBook} is read from a
 * YAML file and says which {@link dev.switchgear.breaker.policy.BreakerPolicy} holds for which
 * breaker; what is wrong with a file comes out as a {@link
 * dev.switchgear.detector.policy.PolicyException} that names the place.
 */
@NullMarked
package dev.switchgear.detector.policy;

import org.jspecify.annotations.NullMarked;
