package dev.switchgear.console.view;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and names as people read them. */
public final class Figures {

  private static final DateTimeFormatter TIME_OF_DAY =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

  private Figures() {}

  /** {@code 7:05} minutes and seconds, with hours where there are any. */
  static String clock(Duration elapsed) {
    long seconds = Math.max(0, elapsed.toSeconds());
    return seconds < 3600
        ? format("%d:%02d", seconds / 60, seconds % 60)
        : format("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /** {@code 14:07:59} where this machine is. */
  static String timeOfDay(long epochMillis) {
    return TIME_OF_DAY.format(Instant.ofEpochMilli(epochMillis));
  }

  /** {@code 12 s}, {@code 3 min}, {@code 5 h}, {@code 2 d}. */
  public static String span(Duration span) {
    long seconds = Math.max(0, span.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    } else if (seconds < 7200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
  }

  /** {@code 31 ms}, {@code 1.2 s}. */
  static String millis(double millis) {
    if (millis < 9.95) {
      return format("%.1f ms", millis);
    }
    return millis < 999.5 ? format("%.0f ms", millis) : format("%.1f s", millis / 1000);
  }

  static String rate(double perSecond) {
    return perSecond < 99.95 ? format("%.1f", perSecond) : format("%.0f", perSecond);
  }

  /** One decimal below ten per cent, where it matters. */
  static String percent(double share) {
    double percent = share * 100;
    return percent < 9.95 ? format("%.1f %%", percent) : format("%.0f %%", percent);
  }

  /** A share per ten thousand to three digits, so that a column of seven keeps its distance. */
  static String share(int perTenThousand) {
    BigDecimal percent = BigDecimal.valueOf(perTenThousand, 2);
    BigDecimal shown = perTenThousand < 1_000 ? percent : percent.setScale(1, RoundingMode.DOWN);
    return shown.stripTrailingZeros().toPlainString() + " %";
  }

  /** A name as the beginning of a line. */
  static String title(String name) {
    return name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
