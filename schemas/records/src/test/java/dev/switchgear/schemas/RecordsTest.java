package dev.switchgear.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.SchemaStore;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordsTest {

  private static final Records RECORDS = Records.builtInOnly();

  /** Made once each: to make one is dear, to use it is not. */
  private static final Map<Class<? extends SpecificRecord>, Deserializer<?>> DESERIALIZERS =
      new HashMap<>();

  /** Two marker bytes and eight of fingerprint. */
  private static final int HEADER_BYTES = 10;

  static List<Class<? extends SpecificRecord>> types() {
    return SchemaDirectory.builtIn().stream()
        .<Class<? extends SpecificRecord>>map(RandomRecords::type)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("types")
  <T extends SpecificRecord> void whatIsRead_isWrittenBackUnchanged(Class<T> type)
      throws IOException {
    Schema schema = SpecificData.get().getSchema(type);
    Serde<T> serde = RECORDS.serde(type);
    var anyLanguage = new BinaryMessageDecoder<>(GenericData.get(), schema);
    for (long seed = 0; seed < 100; seed++) {
      byte[] written = RandomRecords.bytes(schema, seed);

      T read = serde.deserializer().deserialize("any", written);
      byte[] writtenBack = serde.serializer().serialize("any", read);

      assertThat(serde.deserializer().deserialize("any", writtenBack)).isEqualTo(read);
      assertThat(anyLanguage.decode(writtenBack)).isEqualTo(anyLanguage.decode(written));
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  <T extends SpecificRecord> void theBytesBeginWithMarkerAndFingerprint(Class<T> type) {
    Schema schema = SpecificData.get().getSchema(type);

    byte[] bytes = encoded(type);

    ByteBuffer expected = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    expected.put((byte) 0xC3).put((byte) 0x01);
    expected.putLong(SchemaNormalization.parsingFingerprint64(schema));
    assertThat(bytes).startsWith(expected.array());
  }

  @ParameterizedTest
  @MethodSource("types")
  <T extends SpecificRecord> void aTombstone_staysOneBothWays(Class<T> type) {
    Serde<T> serde = RECORDS.serde(type);

    assertThat(serde.serializer().serialize("any", null)).isNull();
    assertThat(serde.deserializer().deserialize("any", null)).isNull();
  }

  @ParameterizedTest
  @MethodSource("types")
  <T extends SpecificRecord> void aTruncatedRecord_isRefusedWhereverItWasCut(Class<T> type) {
    byte[] bytes = encoded(type);
    for (int length = 0; length < bytes.length; length++) {
      assertRefused(type, "cut", Arrays.copyOf(bytes, length));
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  <T extends SpecificRecord> void aRecordOfAnotherType_isRefused(Class<T> type) {
    for (Class<? extends SpecificRecord> other : types()) {
      if (!other.equals(type)) {
        assertRefused(type, "mixed", encoded(other));
      }
    }
  }

  private static <T extends SpecificRecord> byte[] encoded(Class<T> type) {
    byte[] foreign = RandomRecords.bytes(SpecificData.get().getSchema(type), 3);
    T record = RECORDS.deserializer(type).deserialize("any", foreign);
    return RECORDS.serializer(type).serialize("any", record);
  }

  @Test
  void aRecordOfAnotherType_isRefused_evenWhereItsFieldsWouldFit() {
    byte[] bytes = encoded(WorkOutcome.class);

    assertThatThrownBy(() -> RECORDS.deserializer(WorkAttempt.class).deserialize("t", bytes))
        .isInstanceOf(SerializationException.class)
        .hasRootCauseMessage("Written as dev.switchgear.schemas.WorkOutcome");
  }

  @Test
  void aRecordOfAnUnknownSchema_isRefused() {
    byte[] bytes = encoded(Policy.class);
    bytes[2] ^= 1;

    assertThatThrownBy(
            () -> RECORDS.deserializer(Policy.class).deserialize("switchgear.policies", bytes))
        .isInstanceOf(SerializationException.class)
        .hasMessage("Not a Policy (" + bytes.length + " bytes on switchgear.policies)")
        .hasRootCauseMessage(
            "Cannot resolve schema for fingerprint: "
                + ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2));
  }

  static Stream<byte[]> garbage() {
    return Stream.of(
        new byte[0],
        new byte[] {0},
        "{\"breaker\":\"payments\"}".getBytes(StandardCharsets.UTF_8),
        new byte[HEADER_BYTES]);
  }

  @ParameterizedTest
  @MethodSource("garbage")
  void garbage_isRefused_withTopicTypeAndSize(byte[] bytes) {
    assertRefused(BreakerState.class, "switchgear.breaker-state", bytes);
  }

  @Test
  void aHostileLength_isRefused_notAllocated() {
    for (long length :
        new long[] {-1, Integer.MAX_VALUE - 16L, Integer.MAX_VALUE, Long.MAX_VALUE}) {
      assertRefused(Policy.class, "hostile", withFirstLength(encoded(Policy.class), length));
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  <T extends SpecificRecord> void aNoisyBody_doesNoWorseThanToBeRefused(Class<T> type) {
    Deserializer<T> deserializer = RECORDS.deserializer(type);
    byte[] bytes = encoded(type);
    for (long seed = 0; seed < 1_000; seed++) {
      byte[] noisy = withNoise(bytes, new Random(seed));
      try {
        deserializer.deserialize("noisy", noisy);
      } catch (SerializationException e) {
        assertThat(e).hasMessageEndingWith(" on noisy)");
      }
    }
  }

  private static byte[] withNoise(byte[] bytes, Random random) {
    byte[] noisy = bytes.clone();
    for (int left = 1 + random.nextInt(4); left > 0; left--) {
      noisy[HEADER_BYTES + random.nextInt(bytes.length - HEADER_BYTES)] = (byte) random.nextInt();
    }
    return noisy;
  }

  @Test
  void aNewerWritersRecord_isRead_andWhatItAddsIsLeftOut() {
    Schema newer = withNewer(WorkOutcome.getClassSchema());
    SchemaStore directory = new SchemaStore.Cache();
    ((SchemaStore.Cache) directory).addSchema(newer);
    var written =
        new GenericRecordBuilder(newer)
            .set("itemId", "i")
            .set("queue", "q")
            .set("workKey", "k")
            .set("attempt", 1)
            .set("result", new GenericData.EnumSymbol(newer.getField("result").schema(), "LATER"))
            .set("by", "b")
            .set("atMillis", 5L)
            .set("costCents", 7L)
            .build();

    byte[] bytes = RandomRecords.encode(newer, written);
    WorkOutcome read =
        new Records(directory).deserializer(WorkOutcome.class).deserialize("t", bytes);

    assertThat(read.getItemId()).isEqualTo("i");
    assertThat(read.getResult()).isEqualTo(WorkResult.UNKNOWN);
    assertThat(read.getAtMillis()).isEqualTo(5);
  }

  /** The schema as a later build might have it: one more field, one more result. */
  private static Schema withNewer(Schema schema) {
    String json =
        schema
            .toString()
            .replace("\"POISON\"]", "\"POISON\",\"LATER\"]")
            .replace(
                "{\"name\":\"by\"", "{\"name\":\"costCents\",\"type\":\"long\"},{\"name\":\"by\"");
    return new Schema.Parser().parse(json);
  }

  private static void assertRefused(
      Class<? extends SpecificRecord> type, String topic, byte[] bytes) {
    Deserializer<?> deserializer = DESERIALIZERS.computeIfAbsent(type, RECORDS::deserializer);
    assertThatThrownBy(() -> deserializer.deserialize(topic, bytes))
        .isInstanceOf(SerializationException.class)
        .hasMessage(
            "Not a " + type.getSimpleName() + " (" + bytes.length + " bytes on " + topic + ")")
        .hasCauseInstanceOf(Exception.class);
  }

  /** The header of a record, and a body that is only the length of its first string. */
  private static byte[] withFirstLength(byte[] record, long length) {
    var bytes = new ByteArrayOutputStream();
    bytes.write(record, 0, HEADER_BYTES);
    try {
      var encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
      encoder.writeLong(length);
      encoder.flush();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }
}
