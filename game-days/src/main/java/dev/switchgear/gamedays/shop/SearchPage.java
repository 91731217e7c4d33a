package dev.switchgear.gamedays.shop;

import dev.switchgear.gamedays.http.Reply;
import dev.switchgear.gamedays.http.Request;
import dev.switchgear.gamedays.shop.Catalogue.Products;
import dev.switchgear.guard.Guard;
import dev.switchgear.guard.Unavailable;

/** The search page: what was found, or categories to browse. */
final class SearchPage {

  private final Guard guard;
  private final Peer search;
  private final Refusals refusals;

  SearchPage(Guard guard, Peer search, Refusals refusals) {
    this.guard = guard;
    this.search = search;
    this.refusals = refusals;
  }

  Reply show(Request request) throws Exception {
    String text = request.query().getOrDefault("q", "");
    return guard.call(() -> Reply.json(200, matching(text)), this::categories);
  }

  private Products matching(String text) throws Exception {
    return search.get(Search.PATH, "q", text, Products.class);
  }

  private Reply categories(Unavailable why) {
    refusals.count(why);
    return Reply.json(200, Catalogue.categories()).with(Checkout.DEGRADED, "browse-categories");
  }
}
