package dev.switchgear.ingest.gateway;

import com.google.protobuf.ByteString;
import dev.switchgear.ingest.outlet.Origin;
import dev.switchgear.ingest.outlet.Texts;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what OTLP's signals have in common. */
final class Otlp {

  private static final String UNKNOWN_INSTANCE = "unknown_instance";

  private Otlp() {}

  static Origin origin(Resource resource) {
    return Origin.of(texts(resource.getAttributesList()), UNKNOWN_INSTANCE);
  }

  static Texts texts(List<KeyValue> attributes) {
    Texts texts = new Texts();
    attributes.forEach(each -> texts.put(each.getKey(), text(each.getValue())));
    return texts;
  }

  /** Text as it is; anything with a structure as JSON; nothing as nothing. */
  static String text(AnyValue any) {
    return any.getValueCase() == AnyValue.ValueCase.VALUE_NOT_SET ? "" : value(any).asString();
  }

  /** An id in hexadecimal digits; null where it is missing, all zero or of another length. */
  static @Nullable String id(ByteString id, int bytes) {
    boolean valid = id.size() == bytes && !id.equals(ByteString.copyFrom(new byte[bytes]));
    return valid ? HexFormat.of().formatHex(id.toByteArray()) : null;
  }

  private static Value<?> value(AnyValue any) {
    return switch (any.getValueCase()) {
      case STRING_VALUE -> Value.of(any.getStringValue());
      case BOOL_VALUE -> Value.of(any.getBoolValue());
      case INT_VALUE -> Value.of(any.getIntValue());
      case DOUBLE_VALUE -> Value.of(any.getDoubleValue());
      case BYTES_VALUE -> Value.of(any.getBytesValue().toByteArray());
      case ARRAY_VALUE -> array(any.getArrayValue().getValuesList());
      case KVLIST_VALUE -> map(any.getKvlistValue().getValuesList());
      case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> Value.empty();
    };
  }

  private static Value<?> array(List<AnyValue> values) {
    List<Value<?>> array = values.stream().<Value<?>>map(Otlp::value).toList();
    return Value.of(array);
  }

  private static Value<?> map(List<KeyValue> entries) {
    return Value.of(
        entries.stream()
            .map(
                each ->
                    io.opentelemetry.api.common.KeyValue.of(each.getKey(), value(each.getValue())))
            .toArray(io.opentelemetry.api.common.KeyValue[]::new));
  }
}
