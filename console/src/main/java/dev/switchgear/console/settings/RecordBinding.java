package dev.switchgear.console.settings;

import static java.util.Objects.requireNonNullElse;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes one settings record out of texts. The record's own constructor checks ranges; its
 * complaint, which begins with the component's name, is told again with key and place.
 */
final class RecordBinding<R extends Record> {

  private final Class<R> type;
  private final String app;
  private final Map<String, ?> given;

  RecordBinding(Class<R> type, String app, Map<String, ?> given) {
    this.type = type;
    this.app = app;
    this.given = given;
  }

  R bind(Function<String, Value> values) {
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      arguments[i] =
          given.containsKey(name)
              ? given.get(name)
              : parse(components[i].getType(), Setting.key(app, name), values);
    }
    return construct(components, arguments, values);
  }

  private static @Nullable Object parse(Class<?> type, String key, Function<String, Value> values) {
    Value value = values.apply(key);
    String text = value.text();
    try {
      if (type == int.class) {
        return Integer.valueOf(text);
      } else if (type == long.class) {
        return Long.valueOf(text);
      } else if (type == double.class) {
        return Double.valueOf(text);
      } else if (type == Path.class) {
        return text.isEmpty() ? null : Path.of(text);
      } else if (type == String.class) {
        return text;
      }
    } catch (NumberFormatException e) {
      throw value.wrong(key, type == double.class ? "a number" : "a whole number", e);
    }
    throw new IllegalStateException("No text can become a " + type + " (" + key + ")");
  }

  private R construct(
      RecordComponent[] components, @Nullable Object[] arguments, Function<String, Value> values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw complaint(requireNonNullElse(e.getCause(), e), components, values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Not a public record: " + type, e);
    }
  }

  private RuntimeException complaint(
      Throwable cause, RecordComponent[] components, Function<String, Value> values) {
    if (!(cause instanceof IllegalArgumentException)) {
      return new IllegalStateException("Settings of " + app, cause);
    }
    String message = String.valueOf(cause.getMessage());
    for (RecordComponent component : components) {
      String name = component.getName();
      if (message.startsWith(name + ":") && !given.containsKey(name)) {
        String key = Setting.key(app, name);
        return new SettingException(
            values.apply(key).named(key) + message.substring(name.length()), cause);
      }
    }
    return new SettingException(app + ": " + message, cause);
  }
}
