package dev.switchgear.gamedays.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.switchgear.gamedays.http.Handler;
import dev.switchgear.gamedays.http.Json;
import dev.switchgear.gamedays.http.LoopbackServer;
import dev.switchgear.gamedays.http.Reply;
import dev.switchgear.gamedays.http.Request;
import dev.switchgear.gamedays.http.Threads;
import dev.switchgear.gamedays.shop.Order;
import dev.switchgear.gamedays.shop.Traffic;
import dev.switchgear.schemas.testing.Eventually;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // a generator need only run
class LoadGeneratorTest {

  private static final double RATE = 200;

  private static LoadGenerator load(LoopbackServer server, Tally tally) {
    LoadSettings settings = new LoadSettings(List.of(server.uri()), RATE, 1, "t");
    return LoadGenerator.start(settings, new Traffic(), tally);
  }

  private static LoopbackServer serve(Handler handler) {
    return LoopbackServer.start(Threads.bounded("test", 4), handler);
  }

  private static CompletionStage<Reply> answer(int status) {
    return CompletableFuture.completedFuture(Reply.json(status, Map.of()));
  }

  @Test
  void requestsKeepArrivingWhileNoneIsAnswered() throws Exception {
    CountDownLatch arrived = new CountDownLatch(50);
    Handler silent =
        request -> {
          arrived.countDown();
          return new CompletableFuture<>();
        };
    Tally tally = new Tally("silent");
    try (LoopbackServer server = serve(silent);
        LoadGenerator load = load(server, tally)) {
      assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(tally.underWay()).isGreaterThanOrEqualTo(50);
      assertThat(tally.succeeded() + tally.degraded() + tally.failed()).isZero();
    }
  }

  @Test
  void answersAreCountedByWhatTheyAreAndReceiptsKept() throws Exception {
    ConcurrentLinkedQueue<Order> parked = new ConcurrentLinkedQueue<>();
    CountDownLatch orders = new CountDownLatch(40);
    Handler shop =
        request -> {
          if (request.is("GET", "/home")) {
            return answer(200);
          }
          if (request.is("GET", "/search")) {
            return answer(500);
          }
          parked.add(order(request));
          orders.countDown();
          return CompletableFuture.completedFuture(
              Reply.json(202, Map.of()).with("degraded", "charged-later"));
        };
    Tally tally = new Tally("mixed");
    Tally next = new Tally("next");
    try (LoopbackServer server = serve(shop);
        LoadGenerator load = load(server, tally)) {
      assertThat(orders.await(30, TimeUnit.SECONDS)).isTrue();
      load.countInto(next);
      Eventually.holds("the last answer", () -> tally.underWay() == 0 && next.succeeded() > 0);
    }

    assertThat(tally.succeeded()).isPositive();
    assertThat(tally.failed()).isPositive();
    assertThat(tally.degraded()).isEqualTo(tally.receipts().size()).isPositive();
    assertThat(tally.receipts()).allMatch(Receipt::parked);
    assertThat(parked).containsAll(tally.receipts().stream().map(Receipt::order).toList());
  }

  @Test
  void anOrderAnsweredWithAnErrorIsNotAccepted() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    Handler shop =
        request -> {
          refused.addAndGet(request.is("POST", "/orders") ? 1 : 0);
          return answer(503);
        };
    Tally tally = new Tally("refused");
    try (LoopbackServer server = serve(shop);
        LoadGenerator load = load(server, tally)) {
      Eventually.holds("ten refusals", () -> refused.get() >= 10 && tally.failed() >= 10);
    }

    assertThat(tally.receipts()).isEmpty();
  }

  @Test
  void settingsThatMakeNoSenseAreNamed() {
    assertThatThrownBy(() -> new LoadSettings(List.of(), 1, 1, "t"))
        .hasMessage("front: [] (expected: at least one instance)");
  }

  private static Order order(Request request) {
    try {
      return Json.read(request.body(), Order.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
