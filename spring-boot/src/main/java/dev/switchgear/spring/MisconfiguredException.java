package dev.switchgear.spring;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a property or an annotation says cannot be. Fails the start. */
final class MisconfiguredException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** How a wrong argument is told in all of Switchgear: name, value, what was expected. */
  private static final Pattern TOLD =
      Pattern.compile("(\\w+): (.*) \\(expected: (.*)\\)", Pattern.DOTALL);

  private static final Pattern HUMP = Pattern.compile("(?<=[a-z])(?=[A-Z])");

  private final String expected;

  MisconfiguredException(String what, @Nullable Object value, String expected) {
    super("%s: %s (expected: %s)".formatted(what, value == null ? "nothing" : value, expected));
    this.expected = expected;
  }

  /** What would be right. */
  String expected() {
    return expected;
  }

  /** An argument was refused that a property had given: tells the property instead. */
  static MisconfiguredException of(String property, @Nullable Object value, RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    Matcher told = TOLD.matcher(message);
    if (!told.matches()) {
      return new MisconfiguredException(property, value, message);
    }
    String key = key(told.group(1));
    String whole = property.endsWith("." + key) ? property : property + "." + key;
    return new MisconfiguredException(whole, told.group(2), told.group(3));
  }

  private static String key(String argument) {
    return argument.equals("name")
        ? "shared-as"
        : HUMP.matcher(argument).replaceAll("-").toLowerCase(Locale.ROOT);
  }
}
