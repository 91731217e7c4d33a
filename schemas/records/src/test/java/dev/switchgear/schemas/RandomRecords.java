package dev.switchgear.schemas;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.RandomData;

/** Records filled at random, the same for the same seed. */
final class RandomRecords {

  private RandomRecords() {}

  /** As a program that knows only the schema would write it. */
  static byte[] bytes(Schema schema, long seed) {
    return encode(schema, new RandomData(GenericData.get(), schema, 1, seed).iterator().next());
  }

  static byte[] encode(Schema schema, Object generic) {
    try {
      ByteBuffer buffer = new BinaryMessageEncoder<>(GenericData.get(), schema).encode(generic);
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Class<? extends SpecificRecord> type(Schema schema) {
    try {
      return Class.forName(schema.getFullName()).asSubclass(SpecificRecord.class);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
