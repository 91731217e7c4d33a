package dev.switchgear.gamedays.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.gamedays.shop.PaymentBook.Charge;
import dev.switchgear.gamedays.shop.PaymentBook.Charged;
import dev.switchgear.gamedays.shop.PaymentBook.KeyReused;
import dev.switchgear.gamedays.shop.PaymentBook.TooLate;
import org.junit.jupiter.api.Test;

class PaymentBookTest {

  private static final long DEADLINE = 1_000;

  private long nowMillis = 0;
  private final PaymentBook book = new PaymentBook(() -> nowMillis, 3);

  private static Order order(String customer, long number) {
    return new Order(customer + "-" + number, customer, number, 500);
  }

  private Charge charge(String key, Order order) {
    return book.charge(key, order, DEADLINE, false);
  }

  @Test
  void aKeyIsChargedOnceAndARepeatIsAnsweredWithTheFirstCharge() {
    Charge first = charge("k1", order("ann", 1));
    Charge repeat = charge("k1", order("ann", 1));

    assertThat(first).isInstanceOfSatisfying(Charged.class, c -> assertThat(c.repeat()).isFalse());
    assertThat(repeat)
        .isInstanceOfSatisfying(
            Charged.class,
            c -> {
              assertThat(c.repeat()).isTrue();
              assertThat(c.entry()).isEqualTo(((Charged) first).entry());
            });
    assertThat(book.entries()).hasSize(1);
    assertThat(book.suppressedRepeats()).isEqualTo(1);
  }

  @Test
  void beforeTheDeadlineIsInTimeAndAtTheDeadlineIsTooLate() {
    nowMillis = DEADLINE - 1;
    assertThat(charge("k1", order("ann", 1))).isInstanceOf(Charged.class);

    nowMillis = DEADLINE;
    assertThat(charge("k2", order("ann", 2))).isEqualTo(new TooLate(0));
    assertThat(book.entries()).hasSize(1);
  }

  @Test
  void aRepeatAfterTheDeadlineIsStillAnsweredWithTheFirstCharge() {
    charge("k1", order("ann", 1));
    nowMillis = DEADLINE + 1;

    assertThat(charge("k1", order("ann", 1))).isInstanceOf(Charged.class);
  }

  @Test
  void aKeyOfAnotherOrderChargesNothing() {
    charge("k1", order("ann", 1));

    assertThat(charge("k1", order("bob", 1))).isInstanceOf(KeyReused.class);
    assertThat(book.entries()).hasSize(1);
    assertThat(book.suppressedRepeats()).isZero();
  }

  @Test
  void aReplayOfWhatWasChargedIsRememberedAsReplayed() {
    charge("k1", order("ann", 1));
    assertThat(book.entries().get(0).replayed()).isFalse();

    book.charge("k1", order("ann", 1), DEADLINE, true);

    assertThat(book.entries()).hasSize(1);
    assertThat(book.entries().get(0).replayed()).isTrue();
  }

  @Test
  void chargesAreNumberedInAllAndByCustomer() {
    charge("k1", order("ann", 1));
    charge("k2", order("bob", 1));
    charge("k3", order("ann", 2));

    assertThat(book.entries()).extracting(PaymentBook.Entry::sequence).containsExactly(1L, 2L, 3L);
    assertThat(book.entries())
        .extracting(PaymentBook.Entry::customerSequence)
        .containsExactly(1L, 1L, 2L);
  }

  @Test
  void overItsCapacityTheOldestKeyIsForgotten() {
    for (int i = 1; i <= 4; i++) {
      charge("k" + i, order("ann", i));
    }

    assertThat(book.entries())
        .extracting(PaymentBook.Entry::idempotencyKey)
        .containsExactly("k2", "k3", "k4");
  }
}
