package dev.switchgear.console.settings;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file in the syntax of {@link Properties}, and remembers the line of each key.
 *
 * <p>{@code Properties} itself forgets lines, so the file is cut into logical lines here (a line
 * that ends in an odd number of backslashes goes on in the next), and each of them is given to a
 * {@code Properties} of its own.
 */
final class SettingsFile {

  /** Far above what all settings together need; keeps a wrong file name from filling memory. */
  private static final long SIZE_LIMIT_BYTES = 1 << 20;

  private final Path file;
  private final Map<String, Value> values = new LinkedHashMap<>();
  private int line;

  private SettingsFile(Path file) {
    this.file = file;
  }

  /** All values of the file by key, in its order. */
  static Map<String, Value> read(Path file) {
    SettingsFile settings = new SettingsFile(file);
    try {
      if (Files.isDirectory(file) || Files.size(file) > SIZE_LIMIT_BYTES) {
        throw new SettingException(
            file + ": not a settings file (expected: at most 1 MiB of text)");
      }
      try (BufferedReader reader = Files.newBufferedReader(file)) {
        settings.read(reader);
      }
    } catch (NoSuchFileException e) {
      throw new SettingException(file + ": no such file", e);
    } catch (MalformedInputException e) {
      throw new SettingException(file + ": not UTF-8 text", e);
    } catch (IOException e) {
      throw new SettingException(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
    return settings.values;
  }

  private void read(BufferedReader reader) throws IOException {
    for (String text = reader.readLine(); text != null; text = reader.readLine()) {
      line++;
      int first = line;
      StringBuilder logical = new StringBuilder(text);
      String next;
      while (!isComment(text) && continues(logical) && (next = reader.readLine()) != null) {
        line++;
        logical.append('\n').append(next);
      }
      add(logical.toString(), file + ":" + first);
    }
  }

  private void add(String logical, String place) throws IOException {
    Properties parsed = new Properties();
    try {
      parsed.load(new StringReader(logical));
    } catch (IllegalArgumentException e) {
      throw new SettingException(
          place + ": " + logical + " (expected: key=value; " + e.getMessage() + ")", e);
    }
    for (String key : parsed.stringPropertyNames()) {
      @Nullable Value earlier = values.put(key, new Value(parsed.getProperty(key).strip(), place));
      if (earlier != null) {
        throw new SettingException(
            place + ": " + key + " is set twice (first at " + earlier.place() + ")");
      }
    }
  }

  private static boolean isComment(String text) {
    String start = text.stripLeading();
    return start.startsWith("#") || start.startsWith("!");
  }

  private static boolean continues(CharSequence text) {
    int backslashes = 0;
    while (backslashes < text.length() && text.charAt(text.length() - 1 - backslashes) == '\\') {
      backslashes++;
    }
    return backslashes % 2 == 1;
  }
}
