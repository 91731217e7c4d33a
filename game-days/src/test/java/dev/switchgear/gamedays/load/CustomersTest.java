package dev.switchgear.gamedays.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.gamedays.load.Customers.Placed;
import dev.switchgear.gamedays.shop.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CustomersTest {

  private static List<Order> orders(Customers customers, int count) {
    List<Order> orders = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Placed placed = customers.place().orElseThrow();
      orders.add(placed.order());
      customers.answered(placed);
    }
    return orders;
  }

  @Test
  void aCustomerWaitsForTheAnswerBeforeOrderingAgain() {
    Customers customers = new Customers("r", 2, 1);
    Placed first = customers.place().orElseThrow();
    Placed second = customers.place().orElseThrow();
    assertThat(customers.place()).isEmpty();

    customers.answered(first);
    Placed third = customers.place().orElseThrow();

    assertThat(second.order().customer()).isNotEqualTo(first.order().customer());
    assertThat(third.order().customer()).isEqualTo(first.order().customer());
    assertThat(third.order().number()).isEqualTo(first.order().number() + 1);
  }

  @Test
  void ordersOfACustomerAreNumberedAndEveryIdIsUnique() {
    List<Order> orders = orders(new Customers("r", 3, 1), 30);

    assertThat(orders).extracting(Order::id).doesNotHaveDuplicates();
    assertThat(orders)
        .filteredOn(order -> order.customer().equals(orders.get(0).customer()))
        .extracting(Order::number)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 10).mapToObj(Long::valueOf).toList());
  }

  @Test
  void theSameSeedGivesTheSameOrders() {
    assertThat(orders(new Customers("r", 5, 9), 50))
        .isEqualTo(orders(new Customers("r", 5, 9), 50));
    assertThat(orders(new Customers("r", 5, 9), 50))
        .isNotEqualTo(orders(new Customers("r", 5, 8), 50));
  }
}
