package dev.switchgear.detector;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.switchgear.breaker.evidence.Caller;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record in Avro's single-object encoding field by field, and makes only what is asked for.
 * What claims to be longer than the record is no record. One thread uses it.
 */
final class AvroBytes {

  /** Two bytes that mark the encoding, then the fingerprint of the writer's schema. */
  private static final int HEADER = 10;

  private static final int LONGEST_VARINT_SHIFT = 63;

  private byte[] bytes = {};
  private int at;

  /** The beginning of all records of one schema. */
  static byte[] headerOf(Schema schema) {
    byte[] header = new byte[HEADER];
    header[0] = (byte) 0xC3;
    header[1] = 0x01;
    long fingerprint = SchemaNormalization.parsingFingerprint64(schema);
    for (int i = 0; i < Long.BYTES; i++) {
      header[2 + i] = (byte) (fingerprint >>> (Byte.SIZE * i));
    }
    return header;
  }

  /** Goes to the first field of a record; false if it begins otherwise. */
  boolean begin(byte[] record, byte[] header) {
    if (record.length < HEADER) {
      return false;
    }
    for (int i = 0; i < HEADER; i++) {
      if (record[i] != header[i]) {
        return false;
      }
    }
    bytes = record;
    at = HEADER;
    return true;
  }

  /** Index of the next byte. */
  int at() {
    return at;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Goes back to where {@link #at} was. */
  void back(int to) {
    at = to;
  }

  boolean bool() {
    return next() == 1;
  }

  /** Variable length, seven bits a byte, the lowest first; signs zigzag. */
  long number() {
    long raw = 0;
    for (int shift = 0; shift <= LONGEST_VARINT_SHIFT; shift += 7) {
      byte next = next();
      raw |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw new SerializationException("A number of more than ten bytes at byte " + at);
  }

  int integer() {
    long number = number();
    if (number != (int) number) {
      throw new SerializationException("A number of more than 32 bits before byte " + at);
    }
    return (int) number;
  }

  /** One of an enum's symbols, in their order. */
  <E> E symbol(E[] symbols) {
    long index = number();
    if (index < 0 || index >= symbols.length) {
      throw new SerializationException("Symbol " + index + " of " + symbols.length);
    }
    return symbols[(int) index];
  }

  String string() {
    int length = length();
    String string = new String(bytes, at, length, UTF_8);
    at += length;
    return string;
  }

  void skipString() {
    int length = length();
    at += length;
  }

  /** Whether a value that may be null is not. */
  boolean present() {
    return number() != 0;
  }

  /** Service, instance, version, zone and region. */
  Caller caller() {
    return new Caller(string(), string(), optionalString(), optionalString(), optionalString());
  }

  void skipCaller() {
    skipString();
    skipString();
    skipOptionalString();
    skipOptionalString();
    skipOptionalString();
  }

  private @Nullable String optionalString() {
    return present() ? string() : null;
  }

  void skipOptionalString() {
    if (present()) {
      skipString();
    }
  }

  /** How many elements the next block of an array or map has; 0 at its end. */
  int block() {
    long count = number();
    if (count < 0) {
      number(); // Its size in bytes, for those who skip it.
      count = -count;
    }
    if (count < 0 || count > bytes.length - at) {
      throw new SerializationException(count + " elements at byte " + at);
    }
    return (int) count;
  }

  private int length() {
    long length = number();
    if (length < 0 || length > bytes.length - at) {
      throw new SerializationException(length + " characters at byte " + at);
    }
    return (int) length;
  }

  private byte next() {
    if (at >= bytes.length) {
      throw new SerializationException("The record ends too early, after " + at + " bytes");
    }
    return bytes[at++];
  }
}
