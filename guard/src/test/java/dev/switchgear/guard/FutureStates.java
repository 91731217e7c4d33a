package dev.switchgear.guard;

import dev.switchgear.schemas.BreakerState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;

/** Breaker states as a later version writes them. */
final class FutureStates {

  /** One more state, one more field. */
  static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              BreakerState.getClassSchema()
                  .toString()
                  .replace("\"SHADOW\"", "\"SHADOW\",\"MELTING\"")
                  .replace(
                      "{\"name\":\"reason\"",
                      "{\"name\":\"mood\",\"type\":\"long\"},{\"name\":\"reason\""));

  private FutureStates() {}

  /** One that admits nothing, by a schema that nobody publishes. */
  static byte[] unpublished(String breaker, long epoch) throws IOException {
    Schema schema = new Schema.Parser().parse(SCHEMA.toString().replace("MELTING", "BOILING"));
    return of(schema, breaker, "BOILING", epoch);
  }

  /** One that admits nothing. */
  static byte[] of(String breaker, String state, long epoch) throws IOException {
    return of(SCHEMA, breaker, state, epoch);
  }

  private static byte[] of(Schema schema, String breaker, String state, long epoch)
      throws IOException {
    GenericRecord record =
        new GenericRecordBuilder(schema)
            .set("breaker", breaker)
            .set("state", new GenericData.EnumSymbol(schema.getField("state").schema(), state))
            .set("epoch", epoch)
            .set("admittedShare", 0)
            .set("mood", 7L)
            .set("reason", "hot")
            .set("decidedAtMillis", 1L)
            .build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema).encode(record, bytes);
    return bytes.toByteArray();
  }
}
