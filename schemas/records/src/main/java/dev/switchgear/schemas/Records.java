package dev.switchgear.schemas;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.message.SchemaStore;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Serdes of all records: Avro single-object encoding (two marker bytes, the CRC-64-AVRO fingerprint
 * of the writer's schema, the body), as in the Avro specification. A null value is a tombstone both
 * ways. Serdes are thread-safe and hold no resources.
 */
public final class Records {

  private final SchemaStore schemas;

  /**
   * Serdes that find foreign writer schemas in the given directory.
   *
   * @param schemas usually {@link SchemaDirectory#onCluster}
   */
  public Records(SchemaStore schemas) {
    this.schemas = schemas;
  }

  /** Serdes for records written with this build's schemas only. */
  public static Records builtInOnly() {
    return new Records(SchemaDirectory.builtInOnly());
  }

  /** Serde of one record type; decoding anything else throws {@link SerializationException}. */
  public <T extends SpecificRecord> Serde<T> serde(Class<T> type) {
    return Serdes.serdeFrom(serializer(type), deserializer(type));
  }

  /** Encodes; null stays null. */
  public <T extends SpecificRecord> Serializer<T> serializer(Class<T> type) {
    SpecificData model = new OwnClasses(type);
    model.setCustomCoders(true); // The generated ones: the same bytes in half the time.
    var encoder = new BinaryMessageEncoder<T>(model, model.getSchema(type));
    return (topic, value) -> encode(encoder, topic, value);
  }

  /** Decodes; null stays null. */
  public <T extends SpecificRecord> Deserializer<T> deserializer(Class<T> type) {
    SpecificData model = new OwnClasses(type);
    Schema schema = model.getSchema(type);
    var decoder = new BinaryMessageDecoder<T>(model, schema, writersOf(schema.getFullName()));
    return (topic, bytes) -> decode(decoder, type, topic, bytes);
  }

  /** Schemas of one record only: Avro would read any other whose fields happen to fit. */
  private SchemaStore writersOf(String name) {
    return fingerprint -> {
      Schema writer = schemas.findByFingerprint(fingerprint);
      if (writer != null && !writer.getFullName().equals(name)) {
        throw new AvroTypeException("Written as " + writer.getFullName());
      }
      return writer;
    };
  }

  /**
   * Finds the classes of a record and of what it holds: those generated beside it, and no others.
   * Avro itself trusts no class that a schema names, unless the whole program is told to.
   */
  private static final class OwnClasses extends SpecificData {
    private final String packageName;

    OwnClasses(Class<?> type) {
      super(type.getClassLoader());
      this.packageName = type.getPackageName();
    }

    @Override
    @SuppressWarnings("rawtypes") // As in the method that it overrides.
    public @Nullable Class getClass(Schema schema) {
      return switch (schema.getType()) {
        case RECORD, ENUM, FIXED -> named(schema);
        default -> super.getClass(schema);
      };
    }

    private @Nullable Class<?> named(Schema schema) {
      if (!packageName.equals(schema.getNamespace())) {
        return null;
      }
      try {
        return Class.forName(schema.getFullName(), true, getClassLoader());
      } catch (ClassNotFoundException e) {
        return null;
      }
    }
  }

  private static <T> byte @Nullable [] encode(
      BinaryMessageEncoder<T> encoder, String topic, @Nullable T value) {
    if (value == null) {
      return null;
    }
    try {
      ByteBuffer buffer = encoder.encode(value);
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } catch (IOException | RuntimeException e) {
      throw new SerializationException("Cannot encode a record for " + topic + ": " + value, e);
    }
  }

  private static <T> @Nullable T decode(
      BinaryMessageDecoder<T> decoder, Class<T> type, String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return decoder.decode(bytes);
    } catch (IOException | RuntimeException e) {
      throw new SerializationException(
          "Not a " + type.getSimpleName() + " (" + bytes.length + " bytes on " + topic + ")", e);
    }
  }
}
