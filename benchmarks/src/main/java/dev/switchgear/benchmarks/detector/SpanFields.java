package dev.switchgear.benchmarks.detector;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.flink.api.common.typeinfo.TypeHint;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the four fields that the job needs out of an encoded span, by hand as the detector does:
 * dependency, whether it failed, start and duration in nanoseconds.
 */
final class SpanFields
    implements KafkaRecordDeserializationSchema<Tuple4<String, Boolean, Long, Long>> {

  private static final long serialVersionUID = 1;
  private static final int HEADER = 10;
  private static final int ERROR = 3;

  private transient byte[] bytes;
  private transient int at;

  SpanFields() {
    bytes = new byte[0];
  }

  @Override
  public void deserialize(
      ConsumerRecord<byte[], byte[]> record, Collector<Tuple4<String, Boolean, Long, Long>> out) {
    bytes = record.value();
    at = HEADER;
    String dependency = number() == 0 ? "" : name();
    skipOptional();
    number();
    boolean failed = number() == ERROR;
    skipOptional();
    at++;
    long start = number();
    out.collect(Tuple4.of(dependency, failed, start, number()));
  }

  @Override
  public TypeInformation<Tuple4<String, Boolean, Long, Long>> getProducedType() {
    return TypeInformation.of(new TypeHint<>() {});
  }

  private void skipOptional() {
    if (number() != 0) {
      at += (int) number();
    }
  }

  private String name() {
    int length = (int) number();
    int from = at;
    at += length;
    return new String(bytes, from, length, UTF_8);
  }

  private long number() {
    long raw = 0;
    int shift = 0;
    byte next;
    do {
      next = bytes[at++];
      raw |= (next & 0x7FL) << shift;
      shift += 7;
    } while (next < 0);
    return (raw >>> 1) ^ -(raw & 1);
  }
}
