/**
 * Brings parked work back.
 *
 * <p>Start with {@link dev.switchgear.recovery.RecoveryActions}. In flow parked work, outcomes of
 * its attempts and the states of breakers; out flow replays, tombstones, quarantined work and one
 * line per queue about how it stands.
 */
@NullMarked
package dev.switchgear.recovery;

import org.jspecify.annotations.NullMarked;
