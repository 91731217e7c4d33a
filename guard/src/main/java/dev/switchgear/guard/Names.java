package dev.switchgear.guard;

/** The rule for names that become keys on Kafka. */
final class Names {

  /** Long enough for host names and ids, short enough to print. */
  private static final int LONGEST = 255;

  private Names() {}

  /** Gives back a usable name; refuses any other. */
  static String check(String what, String name) {
    if (name.isBlank()
        || name.length() > LONGEST
        || name.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "%s: \"%s\" (expected: 1..%d characters, not blank, without control characters)"
              .formatted(what, abbreviated(name), LONGEST));
    }
    return name;
  }

  private static String abbreviated(String name) {
    return name.length() <= LONGEST ? name : name.substring(0, LONGEST) + "…";
  }
}
