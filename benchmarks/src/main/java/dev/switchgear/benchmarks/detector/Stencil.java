package dev.switchgear.benchmarks.detector;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A record that is encoded once and sent many times, with another time and number written over the
 * last ones. To make each anew costs more than to judge it, and whoever sends uses the cores of
 * whom it measures. Not thread-safe.
 */
final class Stencil {

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** From here on a hundred million numbers take as many bytes as the first. */
  private static final long FIRST_NUMBER = 1 << 20;

  private final Lane lane;
  private final String key;
  private final byte[] bytes;
  private final int timeAt;
  private final int numberAt;
  private long number = FIRST_NUMBER;

  private Stencil(Lane lane, Lane.Entry entry, long nowMillis) {
    SpecificRecord record = entry.value();
    boolean numbered = lane == Lane.OBSERVATIONS;
    this.lane = lane;
    this.key = entry.key();
    this.numberAt = numbered ? place(lane, record, "sequence", FIRST_NUMBER) : -1;
    this.timeAt = place(lane, record, numbered ? "fromMillis" : "startEpochNanos", time(nowMillis));
    this.bytes = encoded(lane, record);
  }

  /** One for each instance that calls a dependency. */
  static List<Stencil> ofAll(Lane lane, long nowMillis) {
    return LongStream.range(0, (long) Lane.DEPENDENCIES * Lane.INSTANCES)
        .mapToObj(i -> lane.entry(i, Lane.DEPENDENCIES, nowMillis))
        .map(entry -> new Stencil(lane, entry, nowMillis))
        .toList();
  }

  String key() {
    return key;
  }

  /** The record of this moment, with the next number; good until the next is asked for. */
  byte[] next(long nowMillis) {
    write(timeAt, time(nowMillis));
    if (numberAt >= 0) {
      write(numberAt, number++);
    }
    return bytes;
  }

  private long time(long nowMillis) {
    return lane == Lane.SPANS ? nowMillis * NANOS_PER_MILLI : nowMillis;
  }

  /** Sets a field and says where it lies: neighbouring numbers differ in their first byte. */
  private static int place(Lane lane, SpecificRecord record, String field, long value) {
    int position = record.getSchema().getField(field).pos();
    record.put(position, value + 1);
    byte[] other = encoded(lane, record);
    record.put(position, value);
    return Arrays.mismatch(other, encoded(lane, record));
  }

  private static byte[] encoded(Lane lane, SpecificRecord record) {
    Serializer<SpecificRecord> serializer = FullTopic.serializer(lane);
    return serializer.serialize(lane.topic().name(), record);
  }

  /** As Avro writes a long: zigzag, seven bits a byte, all but the last byte with the top bit. */
  private void write(int from, long value) {
    long left = (value << 1) ^ (value >> 63);
    int at = from;
    for (; bytes[at] < 0; at++) {
      bytes[at] = (byte) ((left & 0x7F) | 0x80);
      left >>>= 7;
    }
    if (left > 0x7F) {
      throw new IllegalArgumentException("value: " + value + " (expected: one as long as before)");
    }
    bytes[at] = (byte) left;
  }
}
