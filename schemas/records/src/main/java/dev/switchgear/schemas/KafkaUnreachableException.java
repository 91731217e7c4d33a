package dev.switchgear.schemas;

/** No broker answered at the given address. The message says where and what to do. */
public final class KafkaUnreachableException extends RuntimeException {

  public KafkaUnreachableException(String bootstrapServers, Throwable cause) {
    super(
        "No Kafka broker answers at "
            + bootstrapServers
            + ". Is it running, and is this the address it advertises?",
        cause);
  }
}
