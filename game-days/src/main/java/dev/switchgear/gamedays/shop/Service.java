package dev.switchgear.gamedays.shop;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The services of the shop. */
public enum Service {
  /** What customers talk to. */
  CHECKOUT(null),
  /** Charges orders. */
  PAYMENTS("charge"),
  /** Knows what a customer may like. */
  RECOMMENDATIONS("list"),
  /** Finds products. */
  SEARCH("query");

  private final @Nullable String operation;

  Service(@Nullable String operation) {
    this.operation = operation;
  }

  /** Name in telemetry, e.g. {@code payments}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Breaker between checkout and this service, e.g. {@code payments/charge}. */
  public String breaker() {
    if (operation == null) {
      throw new IllegalArgumentException(
          "service: " + key() + " (expected: one that checkout calls)");
    }
    return key() + "/" + operation;
  }
}
