package dev.switchgear.detector;

import dev.switchgear.breaker.evidence.Caller;
import dev.switchgear.schemas.streams.BadRecordException;
import org.jspecify.annotations.Nullable;

/** The rules for what other programs write: names that become keys, and numbers that make sense. */
final class Names {

  /** What nobody can be told apart by any more counts under this name. */
  static final String OTHERS = "*";

  /** Long enough for host names and ids, short enough to print. */
  private static final int LONGEST = 255;

  private Names() {}

  /** Refuses what is no usable name. */
  static void check(String what, String name) {
    if (name.isBlank()
        || name.length() > LONGEST
        || name.codePoints().anyMatch(Character::isISOControl)) {
      throw bad(
          what,
          "\"" + abbreviated(name) + "\"",
          "1.." + LONGEST + " characters, not blank, without control characters");
    }
  }

  /** Refuses one whose names are unusable. */
  static Caller checked(Caller caller) {
    check("service", caller.service());
    check("instance", caller.instance());
    checkIfAny("serviceVersion", caller.version());
    checkIfAny("zone", caller.zone());
    checkIfAny("region", caller.region());
    return caller;
  }

  private static void checkIfAny(String what, @Nullable String name) {
    if (name != null) {
      check(what, name);
    }
  }

  static BadRecordException bad(String what, Object value, String expected) {
    return new BadRecordException(what + ": " + value + " (expected: " + expected + ")");
  }

  private static String abbreviated(String name) {
    return name.length() <= LONGEST ? name : name.substring(0, LONGEST) + "...";
  }
}
