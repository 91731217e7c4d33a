package dev.switchgear.gamedays.shop;

import dev.switchgear.gamedays.http.Handler;
import dev.switchgear.gamedays.http.Reply;
import dev.switchgear.gamedays.http.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The search service: {@code GET /query?q=}. */
final class Search implements Handler {

  static final String PATH = "/query";

  @Override
  public CompletionStage<Reply> handle(Request request) {
    return CompletableFuture.completedFuture(reply(request));
  }

  private static Reply reply(Request request) {
    if (!request.is("GET", PATH)) {
      return Reply.problem(
          404, request.method() + " " + request.path() + " (expected: GET /query)");
    }
    return Reply.json(200, Catalogue.matching(request.query().getOrDefault("q", "")));
  }
}
