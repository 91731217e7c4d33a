package dev.switchgear.gamedays.drill;

import dev.switchgear.gamedays.load.Receipt;
import dev.switchgear.gamedays.shop.Order;
import dev.switchgear.gamedays.shop.PaymentBook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what customers were promised with what payments charged. It knows nothing of Switchgear
 * and nothing of idempotency keys: an order charged under two keys was charged twice.
 *
 * <p>An order that was answered with an error is no promise; it may have been charged once or not
 * at all.
 */
final class OrderCheck {

  private final Map<String, List<PaymentBook.Entry>> chargesOfOrder = new HashMap<>();

  /** Orders charged after a newer order of the same customer. */
  private final Set<String> late = new HashSet<>();

  /**
   * Reads the book.
   *
   * @param book charges in any order
   */
  OrderCheck(Collection<PaymentBook.Entry> book) {
    Map<String, Long> newestOfCustomer = new HashMap<>();
    book.stream()
        .sorted(Comparator.comparingLong(PaymentBook.Entry::sequence))
        .forEach(charge -> read(charge, newestOfCustomer));
  }

  private void read(PaymentBook.Entry charge, Map<String, Long> newestOfCustomer) {
    Order order = charge.order();
    List<PaymentBook.Entry> charges =
        chargesOfOrder.computeIfAbsent(order.id(), id -> new ArrayList<>());
    if (charges.isEmpty() && order.number() < newestOfCustomer.getOrDefault(order.customer(), 0L)) {
      late.add(order.id());
    }
    charges.add(charge);
    newestOfCustomer.merge(order.customer(), order.number(), Math::max);
  }

  /** Whether every promise is kept, parked orders by a replay. */
  boolean isSettled(Collection<Receipt> receipts) {
    return receipts.stream().allMatch(each -> each.parked() ? isReplayed(each) : isCharged(each));
  }

  /** The figures of these receipts. */
  DemoReport.Orders count(Collection<Receipt> receipts) {
    List<Receipt> parked = receipts.stream().filter(Receipt::parked).toList();
    return new DemoReport.Orders(
        receipts.size(),
        parked.size(),
        parked.stream().filter(this::isReplayed).count(),
        receipts.stream().filter(each -> !isCharged(each)).count(),
        receipts.stream().filter(each -> charges(each).size() > 1).count(),
        receipts.stream().filter(each -> late.contains(each.order().id())).count());
  }

  private boolean isCharged(Receipt receipt) {
    return !charges(receipt).isEmpty();
  }

  private boolean isReplayed(Receipt receipt) {
    return charges(receipt).stream().anyMatch(PaymentBook.Entry::replayed);
  }

  private List<PaymentBook.Entry> charges(Receipt receipt) {
    return chargesOfOrder.getOrDefault(receipt.order().id(), List.of());
  }
}
