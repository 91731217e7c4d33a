package dev.switchgear.detector.policy;

import java.util.Comparator;

/**
 * Names breakers: {@code *} stands for any characters, also for none, and also for {@code /},
 * {@code @}, {@code ~} and {@code #}; every other character stands for itself.
 */
record BreakerPattern(String text) {

  /** The least specific pattern: every breaker. */
  static final BreakerPattern ALL = new BreakerPattern("*");

  static final int LONGEST = 255;

  /** What is expected of one, in words. */
  static final String EXPECTED = "a breaker pattern of 1.." + LONGEST + " printable characters";

  /**
   * The most specific first: one without {@code *}, then the one that says more characters, then
   * the one with fewer {@code *}, then by alphabet, so that nothing hangs on when or where a
   * pattern was written.
   */
  static final Comparator<BreakerPattern> MOST_SPECIFIC_FIRST =
      Comparator.comparing((BreakerPattern pattern) -> pattern.stars() > 0)
          .thenComparing(BreakerPattern::said, Comparator.reverseOrder())
          .thenComparing(BreakerPattern::stars)
          .thenComparing(BreakerPattern::text);

  /** Whether anybody could have meant it. */
  boolean isUsable() {
    return !text.isBlank()
        && text.length() <= LONGEST
        && text.codePoints().noneMatch(Character::isISOControl);
  }

  /**
   * Whether the breaker is one of those named. Goes back to the last {@code *} only, which is
   * enough: what an earlier one could take over, the last one can as well.
   */
  boolean matches(String breaker) {
    int at = 0;
    int in = 0;
    int star = -1;
    int taken = 0;
    while (in < breaker.length()) {
      if (at < text.length() && text.charAt(at) == '*') {
        star = at++;
        taken = in;
      } else if (at < text.length() && text.charAt(at) == breaker.charAt(in)) {
        at++;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++taken;
      } else {
        return false;
      }
    }
    return text.substring(at).chars().allMatch(c -> c == '*');
  }

  /**
   * Whether every breaker of the other is one of this: a {@code *} of the other can only be taken
   * by a {@code *} of this.
   */
  boolean covers(BreakerPattern other) {
    return matches(other.text);
  }

  /** Whether it names a region, a caller or an instance, or at least says that there is one. */
  boolean tellsPartsApart() {
    return text.indexOf('@') >= 0 || text.indexOf('~') >= 0;
  }

  private long stars() {
    return text.chars().filter(c -> c == '*').count();
  }

  private long said() {
    return text.length() - stars();
  }
}
