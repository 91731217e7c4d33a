package dev.switchgear.console.settings;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one program: built in, then a file, then the environment, then flags; what comes
 * later wins. A key nobody knows is an error. Immutable.
 */
public final class Settings {

  /** Where Kafka is. */
  public static final String BOOTSTRAP_SERVERS = "kafka.bootstrap.servers";

  private static final String HOST_PORT = "([^\\s:,\\[\\]]+|\\[[0-9a-fA-F:.]+]):[0-9]{1,5}";
  private static final Pattern HOST_PORTS = Pattern.compile(HOST_PORT + "(," + HOST_PORT + ")*");

  private final Map<String, Value> values;

  private Settings(Map<String, Value> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * Reads them.
   *
   * @param file null for none
   * @throws SettingException if a key is unknown or the file cannot be read
   */
  public static Settings read(@Nullable Path file, Map<String, String> environment) {
    Map<String, Value> values = new HashMap<>();
    SettingCatalogue.all().forEach(s -> values.put(s.key(), new Value(s.unset(), "")));
    if (file != null) {
      Map<String, Value> inFile = SettingsFile.read(file);
      inFile.forEach((key, value) -> Keys.require(key, value.place()));
      values.putAll(inFile);
    }
    environment.forEach(
        (name, text) -> {
          if (Keys.isVariable(name)) {
            String place = "environment variable " + name;
            values.put(Keys.ofVariable(name), new Value(text.strip(), place));
          }
        });
    return new Settings(values);
  }

  /** These settings but for one that a flag overrides. */
  public Settings with(String key, String text, String flag) {
    value(key);
    Map<String, Value> changed = new HashMap<>(values);
    changed.put(key, new Value(text, flag));
    return new Settings(changed);
  }

  /** Did anybody set it, or does the built-in value hold? */
  public boolean isSet(String key) {
    return !value(key).place().isEmpty();
  }

  /** What looks like a slip but is no error, one line each. */
  public List<String> doubts() {
    return values.entrySet().stream()
        .flatMap(e -> Keys.doubt(e.getKey(), e.getValue().place()).stream())
        .sorted()
        .toList();
  }

  /** Brokers to start with. */
  public String bootstrapServers() {
    Value value = value(BOOTSTRAP_SERVERS);
    if (!HOST_PORTS.matcher(value.text()).matches()) {
      throw value.wrong(BOOTSTRAP_SERVERS, "host:port[,host:port]", null);
    }
    return value.text();
  }

  /** What goes to Kafka's clients as it is, without the brokers. */
  public Map<String, String> kafka() {
    Map<String, String> passed = new HashMap<>();
    values.forEach(
        (key, value) -> {
          if (key.startsWith(Keys.KAFKA) && !key.equals(BOOTSTRAP_SERVERS)) {
            passed.put(key.substring(Keys.KAFKA.length()), value.text());
          }
        });
    return passed;
  }

  /** A directory or file, where one is set. */
  public Optional<Path> path(String key) {
    Value value = value(key);
    return value.text().isEmpty() ? Optional.empty() : Optional.of(Path.of(value.text()));
  }

  /**
   * Makes the settings record of an app: each component from the key of its name.
   *
   * @param app first part of the keys, such as {@code detector}
   * @param given components that are not settings, by name; they win
   */
  public <R extends Record> R bind(Class<R> type, String app, Map<String, ?> given) {
    return new RecordBinding<>(type, app, given).bind(this::value);
  }

  private Value value(String key) {
    Value value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("key: " + key + " (expected: one of the catalogue)");
    }
    return value;
  }
}
