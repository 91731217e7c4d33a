/**
 * The Kafka that tests run on, and what they do with it; for test scope only.
 *
 * <p>Start with {@link dev.switchgear.schemas.testing.TestKafka}: the embedded broker, or a
 * container where {@code -Dswitchgear.test.kafka=containers} says so. {@link
 * dev.switchgear.schemas.testing.KafkaProbe} writes to its topics and reads them, {@link
 * dev.switchgear.schemas.testing.Eventually} waits for what comes of it.
 */
@NullMarked
package dev.switchgear.schemas.testing;

import org.jspecify.annotations.NullMarked;
