package dev.switchgear.gamedays.shop;

import dev.switchgear.gamedays.http.Reply;
import dev.switchgear.gamedays.http.Request;
import dev.switchgear.gamedays.shop.Catalogue.Products;
import dev.switchgear.guard.Fallback;
import dev.switchgear.guard.Guard;

/** The home page: what the customer may like, or what is popular. */
final class HomePage {

  private final Guard guard;
  private final Fallback<Reply> instead = Fallback.of("popular-items", why -> popular());
  private final Peer recommendations;

  HomePage(Guard guard, Peer recommendations) {
    this.guard = guard;
    this.recommendations = recommendations;
  }

  Reply show(Request request) throws Exception {
    String customer = request.query().getOrDefault("customer", "");
    return guard.call(() -> Reply.json(200, likedBy(customer)), instead);
  }

  private Products likedBy(String customer) throws Exception {
    return recommendations.get(Recommendations.PATH, "customer", customer, Products.class);
  }

  private static Reply popular() {
    return Reply.json(200, Catalogue.popular()).with(Checkout.DEGRADED, "popular-items");
  }
}
