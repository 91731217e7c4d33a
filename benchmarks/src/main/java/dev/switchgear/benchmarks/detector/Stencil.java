package dev.switchgear.benchmarks.detector;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A record that is encoded once and sent many times, with another time and number written over the
 * last ones of a copy. Not thread-safe.
 */
final class Stencil {

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** From here on a hundred million numbers take as many bytes as the first. */
  private static final long FIRST_NUMBER = 1 << 20;

  private final Lane lane;
  private final byte[] key;
  private final byte[] bytes;
  private final int timeAt;
  private final int numberAt;
  private long number = FIRST_NUMBER;

  /** As records lie on the topic. */
  private interface Encoder {
    byte[] encoded(SpecificRecord record);
  }

  private Stencil(
      Lane lane, Serializer<SpecificRecord> serializer, Lane.Entry entry, long nowMillis) {
    Encoder encoder = record -> serializer.serialize(lane.topic().name(), record);
    SpecificRecord record = entry.value();
    boolean numbered = lane == Lane.OBSERVATIONS;
    this.lane = lane;
    this.key = entry.key().getBytes(UTF_8);
    this.numberAt = numbered ? place(encoder, record, "sequence", FIRST_NUMBER) : -1;
    this.timeAt =
        place(encoder, record, numbered ? "fromMillis" : "startEpochNanos", time(nowMillis));
    this.bytes = encoder.encoded(record);
  }

  /** One for each instance that calls a dependency. */
  static List<Stencil> ofAll(Lane lane, long nowMillis) {
    Serializer<SpecificRecord> serializer = FullTopic.serializer(lane);
    return LongStream.range(0, (long) Lane.DEPENDENCIES * Lane.INSTANCES)
        .mapToObj(i -> lane.entry(i, Lane.DEPENDENCIES, nowMillis))
        .map(entry -> new Stencil(lane, serializer, entry, nowMillis))
        .toList();
  }

  byte[] key() {
    return key;
  }

  /** The record, of the time when the stencil was made. */
  byte[] bytes() {
    return bytes;
  }

  /** Makes a copy that begins at the given place the record of this moment, with a new number. */
  void stamp(byte[] copies, int from, long nowMillis) {
    write(copies, from + timeAt, time(nowMillis));
    if (numberAt >= 0) {
      write(copies, from + numberAt, number++);
    }
  }

  private long time(long nowMillis) {
    return lane == Lane.SPANS ? nowMillis * NANOS_PER_MILLI : nowMillis;
  }

  /** Sets a field and says where it lies: neighbouring numbers differ in their first byte. */
  private static int place(Encoder encoder, SpecificRecord record, String field, long value) {
    int position = record.getSchema().getField(field).pos();
    record.put(position, value + 1);
    byte[] other = encoder.encoded(record);
    record.put(position, value);
    return Arrays.mismatch(other, encoder.encoded(record));
  }

  /** As Avro writes a long: zigzag, seven bits a byte, all but the last byte with the top bit. */
  private static void write(byte[] into, int from, long value) {
    long left = (value << 1) ^ (value >> 63);
    int at = from;
    for (; into[at] < 0; at++) {
      into[at] = (byte) ((left & 0x7F) | 0x80);
      left >>>= 7;
    }
    if (left > 0x7F) {
      throw new IllegalArgumentException("value: " + value + " (expected: one as long as before)");
    }
    into[at] = (byte) left;
  }
}
