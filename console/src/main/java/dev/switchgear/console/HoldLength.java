package dev.switchgear.console;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 90s}, {@code 10m}, {@code 2h}, {@code 1d}. */
final class HoldLength implements ITypeConverter<Duration> {

  /** Who wants longer wants a policy. */
  private static final Duration LONGEST = Duration.ofDays(30);

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})([smhd])");

  @Override
  public Duration convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      Duration length = of(Long.parseLong(matcher.group(1)), matcher.group(2));
      if (!length.isZero() && length.compareTo(LONGEST) <= 0) {
        return length;
      }
    }
    throw new TypeConversionException(text + " (expected: 1s..30d, as in 90s, 10m, 2h, 1d)");
  }

  private static Duration of(long count, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }
}
