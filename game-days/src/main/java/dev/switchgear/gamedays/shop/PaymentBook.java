package dev.switchgear.gamedays.shop;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What was charged, in the order in which it was: the data base behind all instances of payments.
 *
 * <p>An idempotency key is charged once; a repeat is answered with what the first charge was. A
 * charge is written only before its caller's deadline, so that a caller who waits beyond the
 * deadline and hears nothing knows: what was not charged by then never will be by that call.
 * Thread-safe.
 */
public final class PaymentBook {

  /** Some hours at the highest rates; the oldest keys are forgotten first. */
  private static final int CAPACITY = 500_000;

  private final LongSupplier clockMillis;
  private final int capacity;
  private final Map<String, Entry> byKey = new LinkedHashMap<>();
  private final Map<String, Long> chargesOfCustomer = new HashMap<>();
  private long suppressedRepeats;
  private long sequence;

  /** An empty book that reads the wall clock. */
  public PaymentBook() {
    this(System::currentTimeMillis, CAPACITY);
  }

  PaymentBook(LongSupplier clockMillis, int capacity) {
    this.clockMillis = clockMillis;
    this.capacity = capacity;
  }

  /**
   * One charge.
   *
   * @param sequence place among all charges
   * @param customerSequence place among the charges of this customer
   * @param replayed whether a replay has asked for this charge, first or again
   */
  public record Entry(
      long sequence, long customerSequence, String idempotencyKey, Order order, boolean replayed) {

    private Entry seenByReplay() {
      return new Entry(sequence, customerSequence, idempotencyKey, order, true);
    }
  }

  /** What a charge came to. */
  sealed interface Charge permits Charged, TooLate, KeyReused {}

  /**
   * It is in the book.
   *
   * @param repeat whether it had been before
   */
  record Charged(Entry entry, boolean repeat) implements Charge {}

  /** The deadline had passed; this call has charged nothing. */
  record TooLate(long lateMillis) implements Charge {}

  /** The key belongs to another order; this call has charged nothing. */
  record KeyReused(Entry entry) implements Charge {}

  /**
   * Charges an order, once per key.
   *
   * @param deadlineMillis epoch time from which on nothing is charged
   */
  synchronized Charge charge(
      String idempotencyKey, Order order, long deadlineMillis, boolean replay) {
    Entry before = byKey.get(idempotencyKey);
    if (before != null) {
      return repeat(before, order, replay);
    }
    long late = clockMillis.getAsLong() - deadlineMillis;
    if (late >= 0) {
      return new TooLate(late);
    }
    long place = chargesOfCustomer.merge(order.customer(), 1L, Long::sum);
    Entry entry = new Entry(++sequence, place, idempotencyKey, order, replay);
    byKey.put(idempotencyKey, entry);
    forgetOldest();
    return new Charged(entry, false);
  }

  private Charge repeat(Entry before, Order order, boolean replay) {
    if (!before.order().equals(order)) {
      return new KeyReused(before);
    }
    suppressedRepeats++;
    Entry now = replay ? before.seenByReplay() : before;
    byKey.replace(before.idempotencyKey(), now);
    return new Charged(now, true);
  }

  private void forgetOldest() {
    if (byKey.size() > capacity) {
      Iterator<Entry> oldest = byKey.values().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** All charges in the order in which they were made. */
  public synchronized List<Entry> entries() {
    return List.copyOf(byKey.values());
  }

  /** Charges that were asked for again and not made again. */
  public synchronized long suppressedRepeats() {
    return suppressedRepeats;
  }
}
