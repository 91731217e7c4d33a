package dev.switchgear.gamedays.shop;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.switchgear.gamedays.http.Handler;
import dev.switchgear.gamedays.http.Json;
import dev.switchgear.gamedays.http.Reply;
import dev.switchgear.gamedays.http.Request;
import dev.switchgear.gamedays.shop.PaymentBook.Charged;
import dev.switchgear.gamedays.shop.PaymentBook.KeyReused;
import dev.switchgear.gamedays.shop.PaymentBook.TooLate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The payments service: {@code POST /charge}. */
final class Payments implements Handler {

  static final String PATH = "/charge";
  static final String IDEMPOTENCY_KEY = "idempotency-key";

  /** Present where parked work is being replayed. */
  static final String REPLAY = "x-replay";

  private final PaymentBook book;

  Payments(PaymentBook book) {
    this.book = book;
  }

  /**
   * A charge that was made.
   *
   * @param receipt its number in the book
   */
  record Receipt(String order, long receipt) {}

  @Override
  public CompletionStage<Reply> handle(Request request) {
    return CompletableFuture.completedFuture(reply(request));
  }

  private Reply reply(Request request) {
    if (!request.is("POST", PATH)) {
      return Reply.problem(
          404, request.method() + " " + request.path() + " (expected: POST /charge)");
    }
    String key = request.header(IDEMPOTENCY_KEY);
    if (key == null) {
      return Reply.problem(400, IDEMPOTENCY_KEY + " is missing");
    }
    Long deadline = millis(request.header(Peer.DEADLINE));
    if (deadline == null) {
      return Reply.problem(
          400, Peer.DEADLINE + " is missing or no number (expected: epoch milliseconds)");
    }
    try {
      Order order = Json.read(request.body(), Order.class);
      return charge(key, order, deadline, request.header(REPLAY) != null);
    } catch (JsonProcessingException e) {
      return Reply.problem(400, "not an order: " + e.getOriginalMessage());
    }
  }

  private Reply charge(String key, Order order, long deadlineMillis, boolean replay) {
    PaymentBook.Charge charge = book.charge(key, order, deadlineMillis, replay);
    if (charge instanceof Charged charged) {
      return Reply.json(200, new Receipt(order.id(), charged.entry().sequence()));
    }
    if (charge instanceof TooLate late) {
      return Reply.problem(504, "not charged: " + late.lateMillis() + " ms after the deadline");
    }
    String other = ((KeyReused) charge).entry().order().id();
    return Reply.problem(409, "not charged: " + key + " belongs to order " + other);
  }

  private static @Nullable Long millis(@Nullable String text) {
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
