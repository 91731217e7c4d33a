package dev.switchgear.detector;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition that were read at once, and go through Streams as one: what it does for
 * each record costs more than counting a call.
 *
 * <p>They hang on a record without a value, as a header of this class. What comes from a broker has
 * headers of another class, so nobody can send a bundle. The record has the offset of the first,
 * because that is what is committed while it waits.
 */
final class Bundle implements Header {

  private static final String KEY = "switchgear.bundle";

  private final List<ConsumerRecord<byte[], byte[]>> records;

  private Bundle(List<ConsumerRecord<byte[], byte[]>> records) {
    this.records = records;
  }

  /**
   * One record that stands for all.
   *
   * @param records of one partition in their order, at least one
   */
  @SuppressWarnings("NullAway") // A record may have neither key nor value.
  static ConsumerRecord<byte[], byte[]> of(List<ConsumerRecord<byte[], byte[]>> records) {
    ConsumerRecord<byte[], byte[]> first = records.get(0);
    return new ConsumerRecord<>(
        first.topic(),
        first.partition(),
        first.offset(),
        first.timestamp(),
        TimestampType.CREATE_TIME,
        ConsumerRecord.NULL_SIZE,
        bytes(records),
        null,
        null,
        new RecordHeaders(new Header[] {new Bundle(records)}),
        first.leaderEpoch());
  }

  /** Gives the bundle where there is one, else what the record itself says. */
  static Deserializer<Object> orOne(Deserializer<?> one) {
    return new OrOne(one);
  }

  List<ConsumerRecord<byte[], byte[]>> records() {
    return records;
  }

  @Override
  public String key() {
    return KEY;
  }

  /** Of no use to anybody; dead letters show it. */
  @Override
  public byte[] value() {
    return new byte[0];
  }

  /** What Streams counts as read. */
  private static int bytes(List<ConsumerRecord<byte[], byte[]>> records) {
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }
    return (int) Math.min(Integer.MAX_VALUE, bytes);
  }

  private record OrOne(Deserializer<?> one) implements Deserializer<Object> {

    @Override
    public @Nullable Object deserialize(String topic, byte @Nullable [] data) {
      return one.deserialize(topic, data);
    }

    @Override
    public @Nullable Object deserialize(String topic, Headers headers, byte @Nullable [] data) {
      return headers.lastHeader(KEY) instanceof Bundle bundle
          ? bundle
          : one.deserialize(topic, headers, data);
    }
  }
}
