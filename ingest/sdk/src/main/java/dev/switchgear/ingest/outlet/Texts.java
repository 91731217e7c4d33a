package dev.switchgear.ingest.outlet;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attributes as text, within limits: at most {@link #COUNT}, each value at most {@link
 * #VALUE_CHARS} long, all together {@link #TOTAL_CHARS}. What is over a limit is cut off or left
 * out; what Switchgear itself reads never is. One thread uses it.
 */
public final class Texts {

  /** As many as OpenTelemetry's SDKs keep by default. */
  public static final int COUNT = 128;

  public static final int VALUE_CHARS = 4 << 10;

  /**
   * With a body of {@link #BODY_CHARS} and at most three bytes a char: 480 KiB, so that no record
   * is refused by a broker, which takes 1 MiB.
   */
  public static final int TOTAL_CHARS = 128 << 10;

  public static final int BODY_CHARS = 32 << 10;

  /** For names: of services, metrics, loggers, attributes. */
  public static final int NAME_CHARS = 255;

  private static final Set<String> READ =
      Set.of(
          "service.name",
          "service.instance.id",
          "service.version",
          "cloud.availability_zone",
          "cloud.region",
          "service.peer.name",
          "peer.service",
          "server.address",
          "rpc.method",
          "messaging.operation.name",
          "db.operation.name",
          "error.type",
          "exception.type",
          "http.response.status_code",
          "http.status_code",
          "rpc.grpc.status_code",
          "rpc.response.status_code",
          "db.response.status_code",
          "switchgear.guarded");

  private final Map<String, String> texts = new HashMap<>();
  private int chars;

  public static Texts of(Attributes attributes) {
    Texts texts = new Texts();
    attributes.forEach((key, value) -> texts.put(key.getKey(), value));
    return texts;
  }

  /**
   * Adds an attribute.
   *
   * @param value text, number, truth value, list of these, or {@link Value}
   */
  public Texts put(String name, Object value) {
    String key = cut(name, NAME_CHARS);
    String text = cut(text(value), VALUE_CHARS);
    boolean fits = texts.size() < COUNT && chars + key.length() + text.length() <= TOTAL_CHARS;
    if (!key.isEmpty() && (fits || READ.contains(key))) {
      texts.put(key, text);
      chars += key.length() + text.length();
    }
    return this;
  }

  /** The first of the named attributes that says anything, as a name; null if none does. */
  public @Nullable String firstOf(String... names) {
    for (String name : names) {
      String text = texts.get(name);
      if (text != null && !text.isBlank()) {
        return cut(text.strip(), NAME_CHARS);
      }
    }
    return null;
  }

  /** All that were kept. */
  public Map<String, String> map() {
    return Map.copyOf(texts);
  }

  /** The text, or its beginning where it is longer. Never cuts a character in two. */
  public static String cut(String text, int chars) {
    if (text.length() <= chars) {
      return text;
    }
    boolean splits = Character.isHighSurrogate(text.charAt(chars - 1));
    return text.substring(0, splits ? chars - 1 : chars);
  }

  /** Text as it is; anything with a structure as JSON. */
  private static String text(Object value) {
    if (value instanceof Value<?> typed) {
      return typed.asString();
    }
    return value instanceof Collection<?> all ? list(all).asString() : value.toString();
  }

  private static Value<?> list(Collection<?> all) {
    List<Value<?>> values = all.stream().<Value<?>>map(Texts::value).toList();
    return Value.of(values);
  }

  private static Value<?> value(Object element) {
    if (element instanceof Long number) {
      return Value.of(number);
    }
    if (element instanceof Double number) {
      return Value.of(number);
    }
    return element instanceof Boolean truth ? Value.of(truth) : Value.of(element.toString());
  }
}
