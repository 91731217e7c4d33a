/**
 * How a Kafka Streams application of Switchgear runs: exactly once, with a standby, and without
 * stopping at a bad record.
 *
 * <p>Start with {@link dev.switchgear.schemas.streams.StreamsApp}. In goes a topology and {@link
 * dev.switchgear.schemas.streams.StreamsSettings}; what the topology can't use goes to {@code
 * switchgear.dead-letters}, with its cause.
 */
@NullMarked
package dev.switchgear.schemas.streams;

import org.jspecify.annotations.NullMarked;
