package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.schemas.ParkedWork;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class LedgerItemsTest {

  private final LedgerItems items = new LedgerItems(4);

  @Test
  void aKeyIsHeldUntilItsLastItemEnds() {
    items.put("1", work("anna"));
    items.put("2", work("anna"));
    items.remove("1");
    assertThat(items.holds("anna")).isTrue();

    items.remove("2");
    assertThat(items.holds("anna")).isFalse();
  }

  @Test
  void anItemReadTwice_isOneItem() {
    items.put("1", work("anna"));
    items.put("1", work("anna"));
    items.remove("1");

    assertThat(items.holds("anna")).isFalse();
  }

  @Test
  void anUnknownItemEnds_isNothing() {
    items.remove("1");

    assertThat(items.holds("anna")).isFalse();
  }

  @Test
  void moreThanFit_areReadAgainOnceHalfIsDone() {
    for (int i = 1; i <= 5; i++) {
      items.put("" + i, work("key" + i));
    }
    assertThat(items.hasOverflowed()).isTrue();
    assertThat(items.holds("key4")).isTrue();
    items.remove("1");
    assertThat(items.isWorthReadingAgain()).isFalse();

    items.remove("2");
    assertThat(items.isWorthReadingAgain()).isTrue();
  }

  private static ParkedWork work(String key) {
    return ParkedWork.newBuilder()
        .setItemId("item")
        .setQueue("orders")
        .setWorkKey(key)
        .setBreaker("payments")
        .setIdempotencyKey("once")
        .setPayload(ByteBuffer.allocate(0))
        .setParkedBy("checkout-1")
        .setParkedAtMillis(1)
        .build();
  }
}
