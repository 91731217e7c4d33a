package dev.switchgear.gamedays.load;

import java.net.URI;
import java.util.List;

/**
 * What customers do.
 *
 * @param front instances of checkout
 * @param ratePerSecond arrivals of each of the three kinds: home page, search, order
 * @param seed of arrival times, kinds and customers
 * @param run keeps the customers and orders of different runs apart
 */
public record LoadSettings(List<URI> front, double ratePerSecond, long seed, String run) {

  public LoadSettings {
    front = List.copyOf(front);
    if (front.isEmpty()) {
      throw new IllegalArgumentException("front: [] (expected: at least one instance)");
    }
    if (!(ratePerSecond > 0 && ratePerSecond <= 10_000)) {
      throw new IllegalArgumentException(
          "ratePerSecond: " + ratePerSecond + " (expected: more than 0, up to 10000)");
    }
  }
}
