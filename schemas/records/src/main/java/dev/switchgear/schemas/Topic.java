package dev.switchgear.schemas;

import java.time.Duration;
import org.apache.avro.specific.SpecificRecord;

/**
 * One topic of the catalogue. The key is always UTF-8 text.
 *
 * @param name name on the cluster
 * @param key what the key holds, in words
 * @param valueType record type of the values
 * @param partitions number of partitions at creation, 1..1000
 * @param cleanup what the broker deletes
 * @param retention how long records are kept where {@code cleanup} deletes by age
 * @param durability how much loss a broker failure may cause
 */
public record Topic<V extends SpecificRecord>(
    String name,
    String key,
    Class<V> valueType,
    int partitions,
    Cleanup cleanup,
    Duration retention,
    Durability durability) {

  public Topic {
    if (partitions < 1 || partitions > 1000) {
      throw new IllegalArgumentException(
          "partitions of " + name + ": " + partitions + " (expected: 1..1000)");
    }
    if (retention.isNegative() || retention.isZero()) {
      throw new IllegalArgumentException(
          "retention of " + name + ": " + retention + " (expected: more than zero)");
    }
  }

  /** What the broker may delete. */
  public enum Cleanup {
    /** Records older than the retention. */
    DELETE("delete"),
    /** All but the newest record of each key. */
    COMPACT("compact"),
    /** Both. */
    COMPACT_AND_DELETE("compact,delete");

    private final String policy;

    Cleanup(String policy) {
      this.policy = policy;
    }

    String policy() {
      return policy;
    }
  }

  /** How much a broker failure may lose. */
  public enum Durability {
    /** Nothing: every write is on two brokers of three before it is acknowledged. */
    LEDGER,
    /** A little: one broker acknowledges. */
    TELEMETRY
  }
}
