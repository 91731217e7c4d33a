package dev.switchgear.gamedays.shop;

import dev.switchgear.gamedays.http.Handler;
import dev.switchgear.gamedays.http.Reply;
import dev.switchgear.gamedays.http.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The recommendations service: {@code GET /list?customer=}. */
final class Recommendations implements Handler {

  static final String PATH = "/list";

  @Override
  public CompletionStage<Reply> handle(Request request) {
    return CompletableFuture.completedFuture(reply(request));
  }

  private static Reply reply(Request request) {
    if (!request.is("GET", PATH)) {
      return Reply.problem(404, request.method() + " " + request.path() + " (expected: GET /list)");
    }
    return Reply.json(200, Catalogue.likedBy(request.query().getOrDefault("customer", "")));
  }
}
