package dev.switchgear.detector.policy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as people write them: a whole number and a unit, such as {@code 500ms}. */
final class Durations {

  /** What is expected, in words. */
  static final String EXPECTED = "a whole number and a unit, ms, s, m, h or d, such as 500ms";

  private static final Pattern WRITTEN = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern ISO = Pattern.compile("PT(\\d+H)?(\\d+M)?(\\d+(\\.\\d+)?S)?");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  private Durations() {}

  static Optional<Duration> parse(String text) {
    Matcher matcher = WRITTEN.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Duration unit = UNITS.getOrDefault(matcher.group(2), Duration.ZERO);
    return Optional.of(unit.multipliedBy(Long.parseLong(matcher.group(1))));
  }

  /** The text with every ISO duration in it as people write it. */
  static String humanize(String text) {
    return ISO.matcher(text).replaceAll(iso -> format(Duration.parse(iso.group())));
  }

  /** In the largest unit that needs no fraction. */
  static String format(Duration duration) {
    for (String unit : new String[] {"d", "h", "m", "s"}) {
      long millis = UNITS.getOrDefault(unit, Duration.ZERO).toMillis();
      if (duration.toMillis() >= millis && duration.toMillis() % millis == 0) {
        return duration.toMillis() / millis + unit;
      }
    }
    return duration.toMillis() + "ms";
  }
}
