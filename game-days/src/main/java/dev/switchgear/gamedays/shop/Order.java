package dev.switchgear.gamedays.shop;

import org.jspecify.annotations.Nullable;

/**
 * What a customer orders.
 *
 * @param id unique
 * @param customer who orders; the orders of a customer are charged in the order of their numbers
 * @param number grows with each order of this customer
 * @param amountCents 1..100,000,000
 */
public record Order(String id, String customer, long number, long amountCents) {

  private static final long MOST_CENTS = 100_000_000;

  public Order {
    if (isBlank(id)) {
      throw new IllegalArgumentException("id: " + id + " (expected: some text)");
    }
    if (isBlank(customer)) {
      throw new IllegalArgumentException("customer: " + customer + " (expected: some text)");
    }
    if (number < 0) {
      throw new IllegalArgumentException("number: " + number + " (expected: at least 0)");
    }
    if (amountCents < 1 || amountCents > MOST_CENTS) {
      throw new IllegalArgumentException(
          "amountCents: " + amountCents + " (expected: 1.." + MOST_CENTS + ")");
    }
  }

  /** JSON may leave a field out. */
  private static boolean isBlank(@Nullable String text) {
    return text == null || text.isBlank();
  }
}
