package dev.switchgear.gamedays.shop;

import dev.switchgear.gamedays.http.Handler;
import dev.switchgear.gamedays.http.Reply;
import dev.switchgear.gamedays.http.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The checkout service, the shop's front: {@code GET /home?customer=}, {@code GET /search?q=} and
 * {@code POST /orders}.
 */
final class Checkout implements Handler {

  /** Response header of an answer that is not the full one; its value says what it is instead. */
  static final String DEGRADED = "degraded";

  private final HomePage home;
  private final SearchPage search;
  private final Orders orders;

  Checkout(HomePage home, SearchPage search, Orders orders) {
    this.home = home;
    this.search = search;
    this.orders = orders;
  }

  @Override
  public CompletionStage<Reply> handle(Request request) {
    try {
      return CompletableFuture.completedFuture(reply(request));
    } catch (Exception e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Reply reply(Request request) throws Exception {
    if (request.is("GET", "/home")) {
      return home.show(request);
    }
    if (request.is("GET", "/search")) {
      return search.show(request);
    }
    if (request.is("POST", "/orders")) {
      return orders.place(request);
    }
    return Reply.problem(
        404,
        request.method()
            + " "
            + request.path()
            + " (expected: GET /home, GET /search or POST /orders)");
  }
}
