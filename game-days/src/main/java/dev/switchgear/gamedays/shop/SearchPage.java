package dev.switchgear.gamedays.shop;

import dev.switchgear.gamedays.http.Reply;
import dev.switchgear.gamedays.http.Request;
import dev.switchgear.gamedays.shop.Catalogue.Products;
import dev.switchgear.guard.Fallback;
import dev.switchgear.guard.Guard;

/** The search page: what was found, or categories to browse. */
final class SearchPage {

  private final Guard guard;
  private final Fallback<Reply> instead = Fallback.of("browse-categories", why -> categories());
  private final Peer search;

  SearchPage(Guard guard, Peer search) {
    this.guard = guard;
    this.search = search;
  }

  Reply show(Request request) throws Exception {
    String text = request.query().getOrDefault("q", "");
    return guard.call(() -> Reply.json(200, matching(text)), instead);
  }

  private Products matching(String text) throws Exception {
    return search.get(Search.PATH, "q", text, Products.class);
  }

  private static Reply categories() {
    return Reply.json(200, Catalogue.categories()).with(Checkout.DEGRADED, "browse-categories");
  }
}
