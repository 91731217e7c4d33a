package dev.switchgear.breaker;

/** Checks of arguments: the message names the argument, its value and what was expected. */
final class Argument {

  private Argument() {}

  static void between(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw bad(name, value, min + ".." + max);
    }
  }

  static void atLeastZero(String name, long value) {
    if (value < 0) {
      throw bad(name, value, "at least 0");
    }
  }

  static IllegalArgumentException bad(String name, Object value, String expected) {
    return new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
  }
}
