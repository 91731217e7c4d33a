package dev.switchgear.gamedays.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.gamedays.drill.DemoReport.Orders;
import dev.switchgear.gamedays.load.Receipt;
import dev.switchgear.gamedays.shop.Order;
import dev.switchgear.gamedays.shop.PaymentBook.Entry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderCheckTest {

  private final List<Entry> book = new ArrayList<>();

  private static Order order(String customer, long number) {
    return new Order(customer + "-" + number, customer, number, 500);
  }

  private static Receipt charged(String customer, long number) {
    return new Receipt(order(customer, number), false);
  }

  private static Receipt parked(String customer, long number) {
    return new Receipt(order(customer, number), true);
  }

  private void charge(String customer, long number) {
    charge(customer, number, "key-" + customer + number, false);
  }

  private void replay(String customer, long number) {
    charge(customer, number, "key-" + customer + number, true);
  }

  private void charge(String customer, long number, String key, boolean replay) {
    book.add(new Entry(book.size() + 1, 0, key, order(customer, number), replay));
  }

  private OrderCheck check() {
    return new OrderCheck(book);
  }

  @Test
  void whatWasAcceptedAndChargedInOrderIsFine() {
    charge("ann", 1);
    charge("bob", 1);
    replay("ann", 2);
    replay("ann", 3);
    List<Receipt> receipts =
        List.of(charged("ann", 1), charged("bob", 1), parked("ann", 2), parked("ann", 3));

    assertThat(check().count(receipts)).isEqualTo(new Orders(4, 2, 2, 0, 0, 0));
    assertThat(check().isSettled(receipts)).isTrue();
  }

  @Test
  void anAcceptedOrderThatIsNotInTheBookIsLost() {
    charge("ann", 1);
    List<Receipt> receipts = List.of(charged("ann", 1), parked("ann", 2), charged("bob", 1));

    assertThat(check().count(receipts)).isEqualTo(new Orders(3, 1, 0, 2, 0, 0));
    assertThat(check().isSettled(receipts)).isFalse();
  }

  @Test
  void anOrderChargedUnderTwoKeysIsADuplicate() {
    charge("ann", 1);
    charge("ann", 1, "another key", true);

    assertThat(check().count(List.of(parked("ann", 1)))).isEqualTo(new Orders(1, 1, 1, 0, 1, 0));
  }

  @Test
  void anOrderChargedAfterANewerOneOfItsCustomerIsOutOfOrder() {
    charge("ann", 2);
    charge("bob", 1);
    replay("ann", 1);
    List<Receipt> receipts = List.of(parked("ann", 1), charged("ann", 2), charged("bob", 1));

    assertThat(check().count(receipts)).isEqualTo(new Orders(3, 1, 1, 0, 0, 1));
  }

  @Test
  void orderIsJudgedOverTheWholeBookAndCountedWhereTheLateOrderBelongs() {
    charge("ann", 9);
    replay("ann", 1);

    assertThat(check().count(List.of(parked("ann", 1))).outOfOrder()).isEqualTo(1);
    assertThat(check().count(List.of(charged("ann", 9))).outOfOrder()).isZero();
  }

  @Test
  void theSequenceCountsAndNotTheOrderOfTheEntriesGiven() {
    charge("ann", 1);
    charge("ann", 2);
    List<Entry> backwards = List.of(book.get(1), book.get(0));

    assertThat(new OrderCheck(backwards).count(List.of(charged("ann", 1))).outOfOrder()).isZero();
  }

  @Test
  void aParkedOrderIsNotSettledByTheCallThatTimedOutAlthoughItIsCharged() {
    charge("ann", 1);
    List<Receipt> receipts = List.of(parked("ann", 1));

    assertThat(check().isSettled(receipts)).isFalse();
    assertThat(check().count(receipts)).isEqualTo(new Orders(1, 1, 0, 0, 0, 0));
  }

  @Test
  void anOrderThatWasNotAcceptedMayBeChargedOrNot() {
    charge("ann", 1);

    assertThat(check().count(List.of())).isEqualTo(new Orders(0, 0, 0, 0, 0, 0));
    assertThat(check().isSettled(List.of())).isTrue();
  }
}
