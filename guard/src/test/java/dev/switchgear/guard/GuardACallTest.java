package dev.switchgear.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The code of docs/guard-a-call.md, run; but for Spring Boot and the adapters. */
class GuardACallTest {

  private final TestGear test = TestGear.of("checkout");
  private final Payments payments = new Payments();
  private final Stock stock = new Stock();
  private final String order = "shoes";

  @AfterEach
  void close() {
    test.close();
  }

  private record Receipt(String text) {

    static Receipt pending(Unavailable why) {
      if (why instanceof Refusal refusal) {
        return new Receipt("pending: " + refusal.stage() + " of " + refusal.breaker());
      }
      return new Receipt("pending: " + ((Failure) why).errorType());
    }
  }

  private record Response(int status, Map<String, String> headers) {}

  private static final class Payments {
    private boolean down;

    Receipt charge(String order) throws IOException {
      if (down) {
        throw new IOException();
      }
      return new Receipt("charged " + order);
    }

    CompletionStage<Receipt> chargeAsync(String order) {
      return CompletableFuture.completedStage(new Receipt("charged " + order));
    }
  }

  private static final class Stock {
    Duration reserve(String order) {
      assertThat(order).isNotEmpty();
      return Deadline.current().orElseThrow().remaining();
    }
  }

  private static final class Checkout {
    private final GuardedCall<Receipt> charge;

    Checkout(Switchgear gear) {
      charge = charge(gear);
    }

    Receipt order() throws Exception {
      return charge.call(() -> new Receipt("charged"));
    }
  }

  @Test
  void howManyCallsAreTimed_isSaidWhenConnecting() {
    Switchgear.Builder checkout =
        Switchgear.builder("kafka:9092", "checkout").timedPerSecond(20_000);

    assertThatThrownBy(() -> checkout.timedPerSecond(999))
        .hasMessage("timedPerSecond: 999 (expected: 1000..1000000)");
    assertThatThrownBy(() -> checkout.timedPerSecond(1_000_001))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(checkout.timedPerSecond(1_000_000).timeEveryCall()).isSameAs(checkout);
  }

  @Test
  void connecting_returnsAtOnce() throws Exception {
    Switchgear gear = Switchgear.connect("kafka:9092", "checkout");
    try (gear) {
      assertThat(charge(gear).call(() -> payments.charge(order)).text()).isEqualTo("charged shoes");
    }
  }

  private static GuardedCall<Receipt> charge(Switchgear gear) {
    GuardedCall<Receipt> charge =
        gear.guard("payments/charge", Receipt.class)
            .timeout(Duration.ofSeconds(2))
            .bulkhead(32)
            .rateLimit(RateLimit.perSecond(500))
            .fallback(Receipt::pending)
            .build();
    return charge;
  }

  @Test
  void answeredAndFailed() throws Exception {
    GuardedCall<Receipt> charge = charge(test.gear());
    Receipt receipt = charge.call(() -> payments.charge(order));
    assertThat(receipt.text()).isEqualTo("charged shoes");

    payments.down = true;
    assertThat(charge.call(() -> payments.charge(order)).text()).isEqualTo("pending: IOException");
  }

  /** Parking needs Kafka, so the chain is not run here but is one that is made. */
  Receipt chained(GuardedCall<Receipt> charge, Parking parking) throws Exception {
    Receipt receipt =
        charge.call(
            () -> payments.charge(order),
            Fallback.park(parking, () -> work(order), held -> new Receipt("later"))
                .or(why -> askAnotherBank(order))
                .or(Fallback.value(new Receipt("sorry"))));
    return receipt;
  }

  private static Work work(String order) {
    return Work.of("anna", "order-" + order, new byte[0]);
  }

  private static Receipt askAnotherBank(String order) throws IOException {
    throw new IOException(order);
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void deadlines_goAlong() throws Exception {
    Map<String, String> headers = new HashMap<>();
    charge(test.gear())
        .call(
            () -> {
              Deadline.current()
                  .ifPresent(left -> headers.put(Deadline.HEADER, left.headerValue()));
              return new Receipt("");
            });
    assertThat(headers).containsEntry("Switchgear-Timeout-Millis", "2000");

    GuardedCall<Duration> reserve = test.gear().guard("stock/reserve", Duration.class).build();
    Duration answer;
    try (Scope within = Deadline.received(headers.get(Deadline.HEADER)).makeCurrent()) {
      answer = reserve.call(() -> stock.reserve(order));
    }
    assertThat(answer).isBetween(Duration.ZERO, Duration.ofSeconds(2));
  }

  @Test
  void sharedBulkhead() throws Exception {
    Switchgear gear = test.gear();
    Bulkhead database = gear.bulkhead("database", 32, 4, 4);
    GuardedCall<Receipt> pay =
        gear.guard("database/pay", Receipt.class).bulkhead(database).critical().build();
    GuardedCall<Receipt> report =
        gear.guard("database/report", Receipt.class).bulkhead(database).build();

    assertThat(pay.call(() -> report.call(() -> payments.charge(order))).text())
        .isEqualTo("charged shoes");
    assertThat(gear.bulkhead("database", 32, 4, 4)).isSameAs(database);
  }

  @Test
  void sharedPool() throws Exception {
    Switchgear gear = test.gear();
    CallPool shared = gear.pool("payments", 8, 16);
    GuardedCall<Receipt> pay = gear.guard("payments/charge", Receipt.class).pool(shared).build();
    GuardedCall<Receipt> refund = gear.guard("payments/refund", Receipt.class).pool(shared).build();

    assertThat(pay.call(() -> payments.charge(order)).text()).isEqualTo("charged shoes");
    assertThat(refund.call(() -> new Receipt(Thread.currentThread().getName())).text())
        .startsWith("switchgear-payments-");
  }

  @Test
  void clients_areToldToComeBackLater() {
    Response last = serve("anna");
    for (int i = 0; i < 20; i++) {
      last = serve("anna");
    }

    assertThat(last.status()).isEqualTo(429);
    assertThat(last.headers()).containsKeys("Retry-After", "RateLimit", "RateLimit-Policy");
    assertThat(serve("bert").status()).isEqualTo(200);
  }

  private Response serve(String apiKey) {
    Switchgear gear = test.gear();
    ClientRateLimiter clients =
        gear.clientRateLimiter("clients", RateLimit.perSecond(10).burst(20), 10_000);

    Optional<Refusal> refusal = clients.refuse(apiKey);
    if (refusal.isPresent()) {
      HttpRefusal http = HttpRefusal.of(refusal.get());
      return new Response(http.status(), http.headers());
    }
    return new Response(200, Map.of());
  }

  @Test
  void kafkaConsumers() throws Exception {
    Switchgear gear = test.gear();
    TopicPartition partition = new TopicPartition("orders", 0);
    var consumer = new MockConsumer<String, String>("earliest");
    consumer.assign(List.of(partition));
    consumer.updateBeginningOffsets(Map.of(partition, 0L));
    consumer.addRecord(new ConsumerRecord<>("orders", 0, 0, "anna", order));
    test.open("payments/charge");
    PausingConsumer<String, String> orders = gear.pausing(consumer, gear.guard("payments/charge"));
    orders.poll(Duration.ZERO, order -> payments.charge(order.value()));
    assertThat(consumer.paused()).contains(partition);

    test.closed("payments/charge");
    orders.poll(Duration.ofMillis(500), order -> payments.charge(order.value()));
    consumer.commitSync();
    assertThat(consumer.position(partition)).isEqualTo(1);
  }

  record Customer(String tier) {}

  @Test
  void limitsOfTheWholeFleet() {
    Switchgear gear = test.gear();
    Customer customer = new Customer("gold");
    FleetRateLimiter fleet = gear.fleetRateLimiter("payments/charge", RateLimit.perSecond(20));
    GuardedCall<Receipt> pay =
        gear.guard("payments/charge", Receipt.class)
            .fleetRateLimit(fleet, () -> customer.tier())
            .build();
    test.share("payments/charge", RateLimit.perSecond(500), Map.of("gold", 1L, "free", 9L));
    test.pass(Duration.ofSeconds(2));

    assertThat(pay.admit()).isInstanceOf(Permit.class);
    Optional<Refusal> refused = fleet.refuse("gold");
    assertThat(refused.map(HttpRefusal::of).orElseThrow().headers())
        .containsEntry("RateLimit-Policy", "\"payments/charge\";q=500;w=1");
    assertThat(fleet.refuse("free")).isEmpty();
  }

  @Test
  void retry() throws Exception {
    Switchgear gear = test.gear();
    GuardedCall<Receipt> lookup =
        gear.guard("payments/lookup", Receipt.class)
            .idempotent()
            .retry(new Retry(3, 0.1, Duration.ofMillis(50)))
            .build();

    assertThat(lookup.call(() -> payments.charge(order)).text()).isEqualTo("charged shoes");
  }

  @Test
  void asynchronousAndByHand() {
    GuardedCall<Receipt> charge = charge(test.gear());
    CompletionStage<Receipt> later = charge.callAsync(() -> payments.chargeAsync(order));
    assertThat(later.toCompletableFuture().join().text()).isEqualTo("charged shoes");

    Admission admission = charge.admit();
    if (admission instanceof Permit permit) {
      long start = System.nanoTime();
      permit.success(System.nanoTime() - start);
    }
    assertThat(test.seen("payments/charge").calls()).isEqualTo(2);
  }

  @Test
  void health() {
    Switchgear gear = test.gear();
    charge(gear);
    Health health = gear.health();
    boolean ok = health.live() && health.ready();

    assertThat(ok).isTrue();
    assertThat(health.beliefs()).extracting(Health.Belief::source).contains(Health.Source.NOBODY);
  }

  @Test
  @SuppressWarnings("HidingField") // As on the page.
  void aServiceUnderTest() throws Exception {
    try (TestGear test = TestGear.of("checkout")) {
      Checkout checkout = new Checkout(test.gear());
      test.open("payments/charge");

      assertThat(checkout.order().text()).isEqualTo("pending: breaker of payments/charge");
      assertThat(test.seen("payments/charge").refusals()).isEqualTo(1);
    }
  }
}
