/**
 * Decides about parked work: what may be released now, and what follows from an outcome.
 *
 * <p>Start with {@link dev.switchgear.recovery.parking.ParkingLedger}, the unfinished work of one
 * partition. In go items, outcomes and the time; out come {@link
 * dev.switchgear.recovery.parking.Verdict}s, to be carried out by whoever keeps the records. There
 * is no Kafka here, no clock and no thread, so that every rule can be tested by properties.
 */
@NullMarked
package dev.switchgear.recovery.parking;

import org.jspecify.annotations.NullMarked;
