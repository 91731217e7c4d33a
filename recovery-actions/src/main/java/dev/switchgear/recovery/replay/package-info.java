/**
 * Carries out what the parking ledger decides: the thin shell of Kafka Streams around {@link
 * dev.switchgear.recovery.parking}.
 *
 * <p>Start with {@link dev.switchgear.recovery.replay.ParkingTopology}. In flow parked work,
 * outcomes and the states of breakers; out flow replays, tombstones, quarantined work, dead letters
 * and the states of queues. {@link dev.switchgear.recovery.replay.Archive} and {@link
 * dev.switchgear.recovery.replay.ReplayTopics} are what the topology needs of the cluster besides.
 */
@NullMarked
package dev.switchgear.recovery.replay;

import org.jspecify.annotations.NullMarked;
