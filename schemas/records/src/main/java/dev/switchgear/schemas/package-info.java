/**
 * The contracts on Kafka: which topics there are, what their records look like, and how they are
 * encoded.
 *
 * <p>Start with {@link dev.switchgear.schemas.Topics}, the one catalogue; {@link
 * dev.switchgear.schemas.TopicProvisioning} creates the topics from it, {@link
 * dev.switchgear.schemas.Records} gives the serde of every record, {@link
 * dev.switchgear.schemas.SchemaDirectory} finds schemas that other programs wrote with, and {@link
 * dev.switchgear.schemas.TopicFollower} reads a topic from its beginning and on. The records
 * themselves are generated from {@code switchgear.avdl}.
 */
@NullMarked
package dev.switchgear.schemas;

import org.jspecify.annotations.NullMarked;
