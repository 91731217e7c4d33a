package dev.switchgear.console;

import dev.switchgear.breaker.policy.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What a process of a fleet can be. */
enum Role {
  GATEWAY,
  DETECTOR,
  RECOVERY_ACTIONS,
  DEMO_SHOP;

  /** As on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads a role. */
  static final class Names implements ITypeConverter<Role> {

    @Override
    public Role convert(String text) {
      return Arrays.stream(values())
          .filter(role -> role.toString().equals(text))
          .findAny()
          .orElseThrow(() -> new TypeConversionException(complaint(text)));
    }

    private static String complaint(String text) {
      List<String> names = Arrays.stream(values()).map(Role::toString).toList();
      return text
          + " (expected: "
          + String.join(", ", names)
          + ")"
          + NearestName.of(text, names).map(name -> ". Did you mean " + name + "?").orElse("");
    }
  }
}
