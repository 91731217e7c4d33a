package dev.switchgear.console.settings;

import org.jspecify.annotations.Nullable;

/**
 * What was set.
 *
 * @param place where: file and line, environment variable, flag; "" when built in
 */
record Value(String text, String place) {

  /** The complaint about this value of the given key. */
  SettingException wrong(String key, String expected, @Nullable Throwable cause) {
    String shown = text.isEmpty() ? "(empty)" : text;
    return new SettingException(named(key) + ": " + shown + " (expected: " + expected + ")", cause);
  }

  /** A flag says by itself what it sets; of other places the key must be told too. */
  String named(String key) {
    if (place.isEmpty()) {
      return key;
    }
    return place.startsWith("--") ? place : place + ": " + key;
  }
}
