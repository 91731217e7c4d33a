package dev.switchgear.gamedays.shop;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.switchgear.gamedays.http.Json;
import dev.switchgear.gamedays.http.Reply;
import dev.switchgear.gamedays.http.Request;
import dev.switchgear.guard.Fallback;
import dev.switchgear.guard.Guard;
import dev.switchgear.guard.Parking;
import dev.switchgear.guard.ParkingException;
import dev.switchgear.guard.ReplayResult;
import dev.switchgear.guard.Work;
import dev.switchgear.schemas.ParkedWork;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Orders are charged now, or parked and charged later; each once, and those of a customer in turn.
 *
 * <p>Why that holds, whatever happens to a call:
 *
 * <ul>
 *   <li>A call that failed may still have charged: it timed out, its answer was garbage, its
 *       connection broke. So the order is parked under the very key it was called with, and
 *       payments charges a key once.
 *   <li>A call that was given up may even charge later. While the order is parked, the customer's
 *       newer orders queue behind it, and its own replay ends only when it is in the payment book:
 *       whichever of the two calls writes it there, the newer orders come after it.
 *   <li>An order that could not even be parked is answered with an error and followed by nothing.
 *       Payments writes before the deadline only, and the deadline lies {@code
 *       Peer.DEADLINE_MARGIN} before the end of the wait: when checkout gives up, a charge that has
 *       not been made never will be. (The margin has to cover the difference between clocks.)
 * </ul>
 */
final class Orders {

  private final Guard guard;
  private final Parking parking;
  private final Peer payments;

  Orders(Guard guard, Parking parking, Peer payments) {
    this.guard = guard;
    this.parking = parking;
    this.payments = payments;
  }

  /**
   * What the customer is told.
   *
   * @param status charged or parked
   */
  private record Confirmation(String order, String status) {}

  /** Answers 200 when charged, 202 when parked. */
  Reply place(Request request) throws Exception {
    Order order;
    try {
      order = Json.read(request.body(), Order.class);
    } catch (JsonProcessingException e) {
      return Reply.problem(400, "not an order: " + e.getOriginalMessage());
    }
    try {
      if (parking.holds(order.customer())) {
        return park(order);
      }
      return guard.call(() -> charge(order), Fallback.of("charged-later", why -> park(order)));
    } catch (ParkingException e) {
      return Reply.problem(503, "not accepted, please order again: " + e.getMessage());
    }
  }

  /** Charges a parked order; the customer has been told already. */
  ReplayResult replay(ParkedWork work) throws Exception {
    Order order;
    try {
      order = Json.read(text(work.getPayload()), Order.class);
    } catch (JsonProcessingException e) {
      return ReplayResult.POISON;
    }
    try {
      charge(order, work.getIdempotencyKey(), Map.of(Payments.REPLAY, "true"));
      return ReplayResult.DONE;
    } catch (CallFailedException e) {
      if (e.isRejection()) {
        return ReplayResult.POISON;
      }
      throw e;
    }
  }

  private Reply charge(Order order) throws Exception {
    charge(order, key(order), Map.of());
    return Reply.json(200, new Confirmation(order.id(), "charged"));
  }

  private void charge(Order order, String key, Map<String, String> headers) throws Exception {
    Map<String, String> all = new HashMap<>(headers);
    all.put(Payments.IDEMPOTENCY_KEY, key);
    payments.post(Payments.PATH, all, order, Payments.Receipt.class);
  }

  private Reply park(Order order) throws ParkingException {
    byte[] payload = Json.write(order).getBytes(StandardCharsets.UTF_8);
    Work work = new Work(order.customer(), key(order), payload, "application/json", Map.of(), null);
    parking.park(work);
    return Reply.json(202, new Confirmation(order.id(), "parked"))
        .with(Checkout.DEGRADED, "charged-later");
  }

  /** A customer who sends the same order again is charged once, too. */
  private static String key(Order order) {
    return "order-" + order.id();
  }

  private static String text(ByteBuffer payload) {
    return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
  }
}
