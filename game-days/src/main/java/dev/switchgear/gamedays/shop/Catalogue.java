package dev.switchgear.gamedays.shop;

import java.util.List;
import java.util.Locale;

/** What the shop sells. */
final class Catalogue {

  /** What a list of products looks like on the wire. */
  record Products(List<String> products) {}

  /** What a list of categories looks like on the wire. */
  record Categories(List<String> categories) {}

  private record Product(String name, String category) {}

  private static final List<Product> PRODUCTS =
      List.of(
          new Product("oak desk", "furniture"),
          new Product("walnut shelf", "furniture"),
          new Product("desk lamp", "lighting"),
          new Product("floor lamp", "lighting"),
          new Product("linen curtain", "textiles"),
          new Product("wool blanket", "textiles"),
          new Product("stoneware mug", "kitchen"),
          new Product("cast iron pan", "kitchen"),
          new Product("garden chair", "outdoors"),
          new Product("watering can", "outdoors"));

  private static final int PAGE = 4;

  private Catalogue() {}

  /** What most customers buy. */
  static Products popular() {
    return new Products(PRODUCTS.stream().limit(PAGE).map(Product::name).toList());
  }

  /** What this customer may like. */
  static Products likedBy(String customer) {
    int first = Math.floorMod(customer.hashCode(), PRODUCTS.size() - PAGE);
    return new Products(PRODUCTS.stream().skip(first).limit(PAGE).map(Product::name).toList());
  }

  /** Products whose name contains the text. */
  static Products matching(String text) {
    String wanted = text.toLowerCase(Locale.ROOT);
    return new Products(
        PRODUCTS.stream().map(Product::name).filter(name -> name.contains(wanted)).toList());
  }

  static Categories categories() {
    return new Categories(PRODUCTS.stream().map(Product::category).distinct().toList());
  }
}
