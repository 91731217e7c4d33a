/**
 * Feature flags that follow breakers: what a service shows less of, while a dependency is ill.
 *
 * <p>Start with {@link dev.switchgear.adapters.openfeature.SwitchgearProvider}, an OpenFeature
 * provider: code that asks for flags stays as it is. In: evaluations, and the states that guards
 * obey. Out: the normal or the degraded value with the reason, an event when that changes, and
 * counts: an evaluation that degrades counts as a call that was refused. {@link
 * dev.switchgear.adapters.openfeature.Variants} is the other way about: a flag of any provider says
 * which fallback a guarded call has.
 */
@NullMarked
package dev.switchgear.adapters.openfeature;

import org.jspecify.annotations.NullMarked;
