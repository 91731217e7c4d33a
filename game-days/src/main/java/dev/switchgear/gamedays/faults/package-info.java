/**
 * Ways for a service to be sick, switched while it runs.
 *
 * <p>{@link dev.switchgear.gamedays.faults.Fault} is what can be wrong; a {@link
 * dev.switchgear.gamedays.faults.FaultPoint} stands in front of a service's work and applies it.
 */
@NullMarked
package dev.switchgear.gamedays.faults;

import org.jspecify.annotations.NullMarked;
