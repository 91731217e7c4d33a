package dev.switchgear.gamedays.load;

import dev.switchgear.gamedays.shop.Order;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Those who order. A customer orders again only when the last order was answered, so that there is
 * an order of orders to keep. Thread-safe.
 */
final class Customers {

  private static final int CHEAPEST_CENTS = 100;
  private static final int DEAREST_CENTS = 20_000;

  private final Random random;
  private final Deque<Customer> idle;

  /**
   * Everybody is idle.
   *
   * @param run keeps customers and orders of different runs apart
   */
  Customers(String run, int count, long seed) {
    this.random = new Random(seed);
    List<Customer> all = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      all.add(new Customer(run + "-c" + i));
    }
    Collections.shuffle(all, random);
    this.idle = new ArrayDeque<>(all);
  }

  private static final class Customer {
    private final String name;
    private long orders;

    private Customer(String name) {
      this.name = name;
    }
  }

  /** The order of a customer who is busy until {@link #answered}; empty if all are busy. */
  synchronized Optional<Placed> place() {
    Customer customer = idle.pollFirst();
    if (customer == null) {
      return Optional.empty();
    }
    long number = ++customer.orders;
    int cents = CHEAPEST_CENTS + random.nextInt(DEAREST_CENTS - CHEAPEST_CENTS);
    return Optional.of(
        new Placed(
            customer, new Order(customer.name + "-" + number, customer.name, number, cents)));
  }

  synchronized void answered(Placed placed) {
    idle.addLast(placed.customer);
  }

  /** An order under way. */
  static final class Placed {
    private final Customer customer;
    private final Order order;

    private Placed(Customer customer, Order order) {
      this.customer = customer;
      this.order = order;
    }

    Order order() {
      return order;
    }
  }
}
