/**
 * A real Kafka inside this process, for the demo, for a laptop and for tests.
 *
 * <p>Start with {@link dev.switchgear.schemas.embedded.EmbeddedKafka}. What comes out is an address
 * that any Kafka client can use; nothing is mocked. The parts behind it: the sockets, bound before
 * anything is written to disk; the data directory, locked and formatted; the one node, which is
 * broker and controller at once.
 */
@NullMarked
package dev.switchgear.schemas.embedded;

import org.jspecify.annotations.NullMarked;
