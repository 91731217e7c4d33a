package dev.switchgear.gamedays.shop;

import dev.switchgear.gamedays.http.Reply;
import dev.switchgear.gamedays.http.Request;
import dev.switchgear.gamedays.shop.Catalogue.Products;
import dev.switchgear.guard.Guard;
import dev.switchgear.guard.Unavailable;

/** The home page: what the customer may like, or what is popular. */
final class HomePage {

  private final Guard guard;
  private final Peer recommendations;
  private final Refusals refusals;

  HomePage(Guard guard, Peer recommendations, Refusals refusals) {
    this.guard = guard;
    this.recommendations = recommendations;
    this.refusals = refusals;
  }

  Reply show(Request request) throws Exception {
    String customer = request.query().getOrDefault("customer", "");
    return guard.call(() -> Reply.json(200, likedBy(customer)), this::popular);
  }

  private Products likedBy(String customer) throws Exception {
    return recommendations.get(Recommendations.PATH, "customer", customer, Products.class);
  }

  private Reply popular(Unavailable why) {
    refusals.count(why);
    return Reply.json(200, Catalogue.popular()).with(Checkout.DEGRADED, "popular-items");
  }
}
