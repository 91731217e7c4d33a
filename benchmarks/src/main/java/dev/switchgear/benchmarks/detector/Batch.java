package dev.switchgear.benchmarks.detector;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * A record batch of one partition as Kafka writes it (version 2 of its message format: checksum in
 * byte 17, of all from byte 21 on, first and last time from bytes 27 and 35), made once and stamped
 * with another time before each sending. Not thread-safe.
 */
final class Batch {

  private static final int CHECKSUM_AT = 17;
  private static final int CHECKED_FROM = 21;
  private static final int FIRST_TIME_AT = 27;
  private static final int LAST_TIME_AT = 35;

  private final List<Stencil> stencils;
  private final MemoryRecords records;
  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final int[] valuesAt;
  private final CRC32C checksum = new CRC32C();

  Batch(List<Stencil> stencils) {
    this.stencils = List.copyOf(stencils);
    SimpleRecord[] all =
        stencils.stream()
            .map(each -> new SimpleRecord(0, each.key(), each.bytes()))
            .toArray(SimpleRecord[]::new);
    this.bytes = Utils.toArray(MemoryRecords.withRecords(Compression.NONE, all).buffer());
    this.buffer = ByteBuffer.wrap(bytes);
    this.records = MemoryRecords.readableRecords(buffer);
    this.valuesAt = new int[stencils.size()];
    int next = 0;
    for (Record each : records.records()) {
      valuesAt[next++] = each.value().arrayOffset();
    }
  }

  /** As the broker wants it: a view, good until the next stamp. */
  MemoryRecords records() {
    return records;
  }

  /** Makes all its records those of this moment. */
  void stamp(long nowMillis) {
    for (int i = 0; i < valuesAt.length; i++) {
      stencils.get(i).stamp(bytes, valuesAt[i], nowMillis);
    }
    buffer.putLong(FIRST_TIME_AT, nowMillis);
    buffer.putLong(LAST_TIME_AT, nowMillis);
    checksum.reset();
    checksum.update(bytes, CHECKED_FROM, bytes.length - CHECKED_FROM);
    buffer.putInt(CHECKSUM_AT, (int) checksum.getValue());
  }
}
