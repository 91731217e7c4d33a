package dev.switchgear.recovery.replay;

/**
 * Knows whether a queue's work has somewhere to go. Must answer at once. Thread-safe.
 *
 * <p>A release onto a topic that does not exist would stop the stream, for all queues.
 */
public interface ReplayTopics {

  /** Whether {@code switchgear.replay.QUEUE} is known to be there; until it is, work is held. */
  boolean isThere(String queue);

  /** Whether it is known that it is not there, or that it cannot be used. */
  boolean isMissing(String queue);
}
