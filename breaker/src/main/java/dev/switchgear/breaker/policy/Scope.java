package dev.switchgear.breaker.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** By what the calls of a breaker may be judged apart, each part by a breaker of its own. */
public enum Scope {
  /** By where the caller runs: {@code payments/charge@eu-west-1}. */
  REGION,
  /** By the calling service: {@code payments/charge~checkout}. */
  CALLER,
  /** By the calling instance of a service: {@code payments/charge~checkout#checkout-7}. */
  INSTANCE;

  /** As it is written in a policy. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scope of that text. */
  public static Optional<Scope> of(String text) {
    return Arrays.stream(values()).filter(scope -> scope.text().equals(text)).findFirst();
  }

  static String expected() {
    return Arrays.stream(values()).map(Scope::text).collect(Collectors.joining(", "));
  }
}
