package dev.switchgear.adapters.openfeature;

import dev.openfeature.sdk.Value;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A flag that has another value while a dependency is ill.
 *
 * @param key of the flag; 1..200 characters
 * @param type of its values: Boolean, String, Integer, Long, Double, or {@link Value} for objects
 * @param normal null where another provider gives it
 * @param degraded while a breaker refuses
 * @param breakers as for {@code Switchgear.guard}; any of them degrades the flag; 0..16
 * @param playbooks names of letters, digits, {@code .}, {@code _} and {@code -}; while one of them
 *     runs the flag is degraded; 0..16
 * @param normalVariant name of the normal value
 * @param degradedVariant name of the degraded value
 */
public record DegradingFlag<T>(
    String key,
    Class<T> type,
    @Nullable T normal,
    T degraded,
    List<String> breakers,
    List<String> playbooks,
    String normalVariant,
    String degradedVariant) {

  private static final int LONGEST_KEY = 200;
  private static final int MOST = 16;
  private static final Pattern PLAYBOOK = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  public DegradingFlag {
    breakers = few("breakers", breakers);
    playbooks = few("playbooks", playbooks);
    playbooks.forEach(DegradingFlag::checkPlaybook);
    if (key.isBlank() || key.length() > LONGEST_KEY) {
      throw new IllegalArgumentException(
          "key: \"%s\" (expected: 1..%d characters, not blank)".formatted(key, LONGEST_KEY));
    }
    Objects.requireNonNull(degraded, "degraded");
  }

  private static List<String> few(String what, List<String> names) {
    if (names.size() > MOST) {
      throw new IllegalArgumentException(
          "%s: %d of them (expected: 0..%d)".formatted(what, names.size(), MOST));
    }
    return names.stream().distinct().toList();
  }

  private static void checkPlaybook(String name) {
    if (!PLAYBOOK.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "playbooks: \"%s\" (expected: %s)".formatted(name, PLAYBOOK.pattern()));
    }
  }

  /** A switch. */
  public static DegradingFlag<Boolean> of(String key, boolean normal, boolean degraded) {
    return named(key, Boolean.class, normal, degraded);
  }

  /** A choice by name, which is its variant, too. */
  public static DegradingFlag<String> of(String key, String normal, String degraded) {
    return named(key, String.class, normal, degraded).variants(normal, degraded);
  }

  /** A whole number. */
  public static DegradingFlag<Integer> of(String key, int normal, int degraded) {
    return named(key, Integer.class, normal, degraded);
  }

  /** A whole number that may be large. */
  public static DegradingFlag<Long> of(String key, long normal, long degraded) {
    return named(key, Long.class, normal, degraded);
  }

  /** A number. */
  public static DegradingFlag<Double> of(String key, double normal, double degraded) {
    return named(key, Double.class, normal, degraded);
  }

  /** An object. */
  public static DegradingFlag<Value> of(String key, Value normal, Value degraded) {
    return named(key, Value.class, normal, degraded);
  }

  /** A switch whose normal value is another provider's. */
  public static DegradingFlag<Boolean> degradedTo(String key, boolean degraded) {
    return named(key, Boolean.class, null, degraded);
  }

  /** A choice whose normal value is another provider's. */
  public static DegradingFlag<String> degradedTo(String key, String degraded) {
    return named(key, String.class, null, degraded);
  }

  /** A whole number whose normal value is another provider's. */
  public static DegradingFlag<Integer> degradedTo(String key, int degraded) {
    return named(key, Integer.class, null, degraded);
  }

  /** A whole number that may be large, whose normal value is another provider's. */
  public static DegradingFlag<Long> degradedTo(String key, long degraded) {
    return named(key, Long.class, null, degraded);
  }

  /** A number whose normal value is another provider's. */
  public static DegradingFlag<Double> degradedTo(String key, double degraded) {
    return named(key, Double.class, null, degraded);
  }

  /** An object whose normal value is another provider's. */
  public static DegradingFlag<Value> degradedTo(String key, Value degraded) {
    return named(key, Value.class, null, degraded);
  }

  private static <T> DegradingFlag<T> named(
      String key, Class<T> type, @Nullable T normal, T degraded) {
    return new DegradingFlag<>(
        key, type, normal, degraded, List.of(), List.of(), "normal", "degraded");
  }

  /** The same flag, following these breakers: it is degraded for whom any of them refuses. */
  public DegradingFlag<T> following(String... ids) {
    return new DegradingFlag<>(
        key, type, normal, degraded, List.of(ids), playbooks, normalVariant, degradedVariant);
  }

  /**
   * The same flag, degraded for everybody while any of these playbooks runs: while the breaker
   * {@code playbooks/NAME} is held open, by an operator or by whatever runs playbooks.
   */
  public DegradingFlag<T> inPlaybooks(String... names) {
    return new DegradingFlag<>(
        key, type, normal, degraded, breakers, List.of(names), normalVariant, degradedVariant);
  }

  /** The same flag with other names for its values. */
  public DegradingFlag<T> variants(String nameOfNormal, String nameOfDegraded) {
    return new DegradingFlag<>(
        key, type, normal, degraded, breakers, playbooks, nameOfNormal, nameOfDegraded);
  }
}
