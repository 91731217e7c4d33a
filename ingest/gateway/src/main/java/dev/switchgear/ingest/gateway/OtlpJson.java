package dev.switchgear.ingest.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * OTLP's JSON: protobuf's JSON mapping, but that trace and span ids are hexadecimal and enums are
 * numbers. Led by the messages' descriptors, so it knows every field that the messages know;
 * unknown ones are ignored, null is as good as absent.
 */
final class OtlpJson {

  /** Attributes may be nested; protobuf's own decoder stops at the same depth. */
  private static final int DEPTH = 100;

  private static final Set<String> HEXADECIMAL = Set.of("trace_id", "span_id", "parent_span_id");
  private static final int INT_BITS = 32;
  private static final int LONG_BITS = 64;
  private static final int LONGEST_INTEGER = 20;
  private static final JsonFactory JSON = new JsonFactory();

  private OtlpJson() {}

  /** Decodes one message; throws {@link RequestException} where the text is none. */
  static Message parse(byte[] body, Message.Builder into) {
    try (JsonParser parser = JSON.createParser(body)) {
      parser.nextToken();
      object(parser, into, DEPTH);
      if (parser.nextToken() != null) {
        throw malformed(parser, "the end");
      }
      return into.build();
    } catch (IOException e) {
      throw new RequestException(Refusal.MALFORMED, "Not JSON: " + e.getMessage());
    }
  }

  private static void object(JsonParser parser, Message.Builder into, int depth)
      throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT || depth == 0) {
      throw malformed(parser, "an object, nested at most " + DEPTH + " deep");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      FieldDescriptor field = field(into, parser.currentName());
      JsonToken value = parser.nextToken();
      if (field == null || value == JsonToken.VALUE_NULL) {
        parser.skipChildren();
      } else if (field.isRepeated()) {
        list(parser, into, field, depth);
      } else {
        into.setField(field, value(parser, into, field, depth));
      }
    }
  }

  private static @Nullable FieldDescriptor field(Message.Builder message, String jsonName) {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.getJsonName().equals(jsonName)) {
        return field;
      }
    }
    return null;
  }

  private static void list(
      JsonParser parser, Message.Builder into, FieldDescriptor field, int depth)
      throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw malformed(parser, "an array");
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      into.addRepeatedField(field, value(parser, into, field, depth));
    }
  }

  private static Object value(
      JsonParser parser, Message.Builder into, FieldDescriptor field, int depth)
      throws IOException {
    return switch (field.getJavaType()) {
      case MESSAGE -> message(parser, into.newBuilderForField(field), depth);
      case STRING -> string(parser);
      case BYTE_STRING -> bytes(parser, field);
      case BOOLEAN -> parser.getBooleanValue();
      case ENUM -> enumValue(parser, field.getEnumType());
      case INT -> (int) integer(parser, field.getType() == FieldDescriptor.Type.UINT32, INT_BITS);
      case LONG -> integer(parser, isUnsigned(field.getType()), LONG_BITS);
      case DOUBLE -> real(parser);
      case FLOAT -> (float) real(parser);
    };
  }

  private static Message message(JsonParser parser, Message.Builder into, int depth)
      throws IOException {
    object(parser, into, depth - 1);
    return into.build();
  }

  private static String string(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw malformed(parser, "a string");
    }
    return parser.getText();
  }

  private static ByteString bytes(JsonParser parser, FieldDescriptor field) throws IOException {
    boolean hexadecimal = HEXADECIMAL.contains(field.getName());
    String text = string(parser);
    try {
      return ByteString.copyFrom(
          hexadecimal ? HexFormat.of().parseHex(text) : Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw malformed(parser, hexadecimal ? "hexadecimal digits" : "base64");
    }
  }

  private static Object enumValue(JsonParser parser, EnumDescriptor type) throws IOException {
    int number = (int) integer(parser, false, INT_BITS);
    return type.findValueByNumberCreatingIfUnknown(number);
  }

  private static boolean isUnsigned(FieldDescriptor.Type type) {
    return type == FieldDescriptor.Type.UINT64 || type == FieldDescriptor.Type.FIXED64;
  }

  /** A number, or a string that holds one, as 64-bit integers do. */
  private static long integer(JsonParser parser, boolean unsigned, int bits) throws IOException {
    try {
      BigDecimal number = new BigDecimal(number(parser));
      if (number.precision() - number.scale() > LONGEST_INTEGER) {
        throw new ArithmeticException("too long");
      }
      BigInteger whole = number.toBigIntegerExact();
      boolean fits =
          unsigned ? whole.signum() >= 0 && whole.bitLength() <= bits : whole.bitLength() < bits;
      if (fits) {
        return whole.longValue();
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw malformed(parser, "a whole number");
    }
    throw malformed(parser, (unsigned ? "an unsigned " : "a signed ") + bits + "-bit number");
  }

  private static double real(JsonParser parser) throws IOException {
    try {
      return Double.parseDouble(number(parser));
    } catch (NumberFormatException e) {
      throw malformed(parser, "a number");
    }
  }

  private static String number(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null || !(token.isNumeric() || token == JsonToken.VALUE_STRING)) {
      throw malformed(parser, "a number");
    }
    return parser.getText();
  }

  private static RequestException malformed(JsonParser parser, String expected) throws IOException {
    var place = parser.currentTokenLocation();
    return new RequestException(
        Refusal.MALFORMED,
        "%s at line %d, column %d (expected: %s)"
            .formatted(
                parser.currentName() == null ? "The request" : parser.currentName(),
                place.getLineNr(),
                place.getColumnNr(),
                expected));
  }

  /** Encodes an answer: nested messages of text and 64-bit integers. */
  static ByteString write(Message message) {
    return written(json -> object(json, message));
  }

  /** A {@code google.rpc.Status}. */
  static ByteString status(int code, String message) {
    return written(
        json -> {
          json.writeStartObject();
          json.writeNumberField("code", code);
          json.writeStringField("message", message);
          json.writeEndObject();
        });
  }

  private static void object(JsonGenerator json, Message message) throws IOException {
    json.writeStartObject();
    for (var field : message.getAllFields().entrySet()) {
      json.writeFieldName(field.getKey().getJsonName());
      if (field.getValue() instanceof Message nested) {
        object(json, nested);
      } else {
        json.writeString(field.getValue().toString());
      }
    }
    json.writeEndObject();
  }

  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private static ByteString written(Writing writing) {
    ByteString.Output bytes = ByteString.newOutput();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteString();
  }
}
