/**
 * A Kafka broker in a process of its own, so that its work is not counted where something is
 * measured.
 *
 * <p>Start with {@link dev.switchgear.benchmarks.broker.BrokerProcess}. Nothing comes in; out comes
 * an address at which all topics of the catalogue are.
 */
@NullMarked
package dev.switchgear.benchmarks.broker;

import org.jspecify.annotations.NullMarked;
