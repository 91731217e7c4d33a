package dev.switchgear.gamedays.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.gamedays.http.Json;
import dev.switchgear.gamedays.http.Reply;
import dev.switchgear.gamedays.http.Request;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PaymentsTest {

  private static final Order ORDER = new Order("o1", "ann", 1, 500);

  private final PaymentBook book = new PaymentBook(() -> 1_000, 10);
  private final Payments payments = new Payments(book);

  private static Map<String, String> headers() {
    return new HashMap<>(
        Map.of(Payments.IDEMPOTENCY_KEY, "k1", Peer.DEADLINE, Long.toString(2_000)));
  }

  private Reply post(Map<String, String> headers, String body) {
    Request request = new Request("POST", Payments.PATH, Map.of(), headers, body);
    return payments.handle(request).toCompletableFuture().join();
  }

  @Test
  void aChargeIsAnsweredWithItsReceiptAndARepeatWithTheSame() {
    Reply first = post(headers(), Json.write(ORDER));
    Reply repeat = post(headers(), Json.write(ORDER));

    assertThat(first).isEqualTo(Reply.json(200, new Payments.Receipt("o1", 1)));
    assertThat(repeat).isEqualTo(first);
  }

  @Test
  void aChargeThatComesAfterItsDeadlineIsNotMade() {
    Map<String, String> late = headers();
    late.put(Peer.DEADLINE, "1000");

    assertThat(post(late, Json.write(ORDER)).status()).isEqualTo(504);
    assertThat(book.entries()).isEmpty();
  }

  @Test
  void aKeyOfAnotherOrderIsAConflict() {
    post(headers(), Json.write(ORDER));

    assertThat(post(headers(), Json.write(new Order("o2", "ann", 2, 500))).status()).isEqualTo(409);
  }

  @Test
  void whatIsNoChargeIsRejectedAndNamed() {
    Map<String, String> keyless = headers();
    keyless.remove(Payments.IDEMPOTENCY_KEY);
    Map<String, String> timeless = headers();
    timeless.put(Peer.DEADLINE, "soon");

    assertThat(post(keyless, Json.write(ORDER)))
        .isEqualTo(Reply.problem(400, "idempotency-key is missing"));
    assertThat(post(timeless, Json.write(ORDER)).body()).contains("x-deadline-millis");
    assertThat(post(headers(), "{\"id\":\"o1\"").status()).isEqualTo(400);
    assertThat(post(headers(), "{\"id\":\"o1\",\"customer\":\"ann\",\"number\":1}").body())
        .contains("amountCents: 0");
    assertThat(book.entries()).isEmpty();
  }
}
