package dev.switchgear.guard;

import java.util.regex.Pattern;

/** The rule for Kafka's address, checked at once because connecting happens in the background. */
final class BootstrapServers {

  private static final Pattern HOST_AND_PORT = Pattern.compile("[^\\s,]+:\\d{1,5}");

  private BootstrapServers() {}

  /** Gives back a usable list of addresses; refuses any other. */
  static String check(String bootstrapServers) {
    for (String each : bootstrapServers.split(",", -1)) {
      if (!HOST_AND_PORT.matcher(each.strip()).matches()) {
        throw new IllegalArgumentException(
            "bootstrapServers: \"%s\" (expected: host:port, several separated by commas)"
                .formatted(bootstrapServers));
      }
    }
    return bootstrapServers;
  }
}
