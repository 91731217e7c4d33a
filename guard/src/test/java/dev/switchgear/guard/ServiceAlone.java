package dev.switchgear.guard;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A service that has the guard and nothing else: makes calls of several kinds, and tells them. */
final class ServiceAlone {

  private ServiceAlone() {}

  public static void main(String[] arguments) throws Exception {
    try (Switchgear gear = Switchgear.connect(arguments[0], "checkout")) {
      if (!gear.awaitReady(Duration.ofSeconds(30))) {
        throw new IllegalStateException("not ready");
      }
      GuardedCall<String> lookup =
          gear.guard("stock/lookup", String.class)
              .timeout(Duration.ofSeconds(2))
              .bulkhead(4)
              .rateLimit(RateLimit.perSecond(100))
              .idempotent()
              .retry(new Retry(3, 0.1, Duration.ofMillis(10)))
              .build();
      Parking parking = gear.parking("orders", "payments/charge");
      Fallback<String> park =
          Fallback.park(parking, ServiceAlone::order, held -> "parked " + held.getWorkKey());

      System.out.println(lookup.call(() -> "looked up"));
      System.out.println(
          lookup
              .callAsync(() -> CompletableFuture.supplyAsync(() -> "looked up later"))
              .toCompletableFuture()
              .join());
      System.out.println(gear.guard("payments/charge").call(() -> "charged", park));
    }
  }

  private static Work order() {
    byte[] payload = "1 lamp".getBytes(StandardCharsets.UTF_8);
    return new Work("anna", "order-1", payload, "text/plain", Map.of(), null);
  }
}
