package dev.switchgear.gamedays.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchgear.gamedays.faults.Fault;
import dev.switchgear.gamedays.http.Json;
import dev.switchgear.schemas.BreakerState;
import dev.switchgear.schemas.MetricPoint;
import dev.switchgear.schemas.ParkedWork;
import dev.switchgear.schemas.Records;
import dev.switchgear.schemas.Span;
import dev.switchgear.schemas.SpanKind;
import dev.switchgear.schemas.State;
import dev.switchgear.schemas.Topic;
import dev.switchgear.schemas.TopicFollower;
import dev.switchgear.schemas.TopicProvisioning;
import dev.switchgear.schemas.Topics;
import dev.switchgear.schemas.testing.Eventually;
import dev.switchgear.schemas.testing.TestKafka;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The shop on a real broker; this test decides the breakers. */
class ShopIT {

  private static final Duration BOUND = Duration.ofSeconds(30);

  private static TestKafka broker;
  private static Map<String, Object> kafka;
  private static Shop shop;
  private static KafkaProducer<String, BreakerState> states;
  private static long epoch;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void open() throws Exception {
    broker = TestKafka.start();
    kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    TopicProvisioning.provision(kafka, List.of(Shop.QUEUE));
    states =
        new KafkaProducer<>(
            kafka, new StringSerializer(), Records.builtInOnly().serializer(BreakerState.class));
    shop = Shop.open(broker.bootstrapServers(), 2);
    assertThat(shop.awaitReady(BOUND)).isTrue();
  }

  @AfterAll
  static void close() {
    shop.close();
    states.close(BOUND);
    broker.close();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // Every board tells that it has arrived.
  private static void decide(Service service, State state) {
    epoch++;
    BreakerState decided =
        BreakerState.newBuilder()
            .setBreaker(service.breaker())
            .setState(state)
            .setEpoch(epoch)
            .setAdmittedShare(state == State.CLOSED ? 10_000 : 0)
            .setReason("decided by a test")
            .setDecidedAtMillis(System.currentTimeMillis())
            .build();
    states.send(new ProducerRecord<>(Topics.BREAKER_STATE.name(), service.breaker(), decided));
    Eventually.holds(
        service + " " + state + " everywhere",
        () ->
            shop.boards().values().stream()
                .allMatch(
                    board -> board.state(service.breaker()).filter(decided::equals).isPresent()));
  }

  /** Adds what is on a topic, and is wanted. */
  private static <V extends SpecificRecord> TopicFollower<V> following(
      Topic<V> topic, Predicate<V> wanted, Queue<V> found) {
    return TopicFollower.start(
        topic,
        kafka,
        Records.builtInOnly(),
        (record, value) -> {
          if (value != null && wanted.test(value)) {
            found.add(value);
          }
        });
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(shop.front().get(0).resolve(path)).GET());
  }

  private HttpResponse<String> order(Order order) throws Exception {
    return send(
        HttpRequest.newBuilder(shop.front().get(0).resolve("/orders"))
            .POST(BodyPublishers.ofString(Json.write(order))));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.timeout(BOUND).build(), BodyHandlers.ofString());
  }

  private static String degraded(HttpResponse<String> response) {
    return response.headers().firstValue(Checkout.DEGRADED).orElse("");
  }

  @Test
  void withEveryBreakerClosedEverythingIsAnsweredInFull() throws Exception {
    assertThat(get("/home?customer=ann").body()).contains("products");
    assertThat(degraded(get("/home?customer=ann"))).isEmpty();
    assertThat(get("/search?q=lamp").body()).contains("desk lamp").doesNotContain("oak desk");
    HttpResponse<String> charged = order(new Order("full-1", "full", 1, 500));

    assertThat(charged.statusCode()).isEqualTo(200);
    assertThat(charged.body()).contains("charged");
    assertThat(shop.book().entries()).anyMatch(entry -> entry.order().id().equals("full-1"));
  }

  @Test
  void withoutRecommendationsTheHomePageShowsPopularItemsAndNobodyCallsThem() throws Exception {
    decide(Service.RECOMMENDATIONS, State.OPEN);
    long reached = shop.reached(Service.RECOMMENDATIONS);
    long refused = shop.refused(Service.RECOMMENDATIONS.breaker());

    HttpResponse<String> home = get("/home?customer=ann");

    assertThat(home.statusCode()).isEqualTo(200);
    assertThat(degraded(home)).isEqualTo("popular-items");
    assertThat(home.body()).isEqualTo(Json.write(Catalogue.popular()));
    assertThat(shop.reached(Service.RECOMMENDATIONS)).isEqualTo(reached);
    assertThat(shop.refused(Service.RECOMMENDATIONS.breaker())).isEqualTo(refused + 1);
    decide(Service.RECOMMENDATIONS, State.CLOSED);
  }

  @Test
  void whatWasDegradedIsAMetricInKafka() throws Exception {
    Queue<MetricPoint> points = new ConcurrentLinkedQueue<>();
    Predicate<MetricPoint> degraded = point -> point.getName().equals("switchgear.guard.degraded");
    try (var follower = following(Topics.METRICS, degraded, points)) {
      assertThat(follower.awaitCaughtUp(BOUND)).isTrue();
      decide(Service.SEARCH, State.OPEN);
      get("/search?q=lamp");
      decide(Service.SEARCH, State.CLOSED);
      Map<String, String> told =
          Map.of(
              "switchgear.breaker", Service.SEARCH.breaker(),
              "switchgear.fallback", "browse-categories",
              "switchgear.because", "breaker");
      Eventually.holds(
          "the search that was degraded",
          () ->
              points.stream()
                  .anyMatch(
                      point ->
                          point.getAttributes().equals(told)
                              && point.getService().equals("checkout")
                              && point.getValue() >= 1));
    }
  }

  @Test
  void withoutSearchTheSearchPageOffersCategories() throws Exception {
    decide(Service.SEARCH, State.OPEN);

    HttpResponse<String> page = get("/search?q=lamp");

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(degraded(page)).isEqualTo("browse-categories");
    assertThat(page.body()).contains("furniture");
    decide(Service.SEARCH, State.CLOSED);
  }

  @Test
  void withoutPaymentsAnOrderIsParkedAndNewerOnesQueueBehindIt() throws Exception {
    Queue<ParkedWork> ledger = new ConcurrentLinkedQueue<>();
    Predicate<ParkedWork> hers = work -> work.getWorkKey().equals("pat");
    try (var follower = following(Topics.PARKED_WORK, hers, ledger)) {
      assertThat(follower.awaitCaughtUp(BOUND)).isTrue();
      decide(Service.PAYMENTS, State.OPEN);
      HttpResponse<String> parked = order(new Order("pat-1", "pat", 1, 500));
      decide(Service.PAYMENTS, State.CLOSED);
      HttpResponse<String> behind = order(new Order("pat-2", "pat", 2, 500));
      HttpResponse<String> other = order(new Order("quinn-1", "quinn", 1, 500));

      assertThat(parked.statusCode()).isEqualTo(202);
      assertThat(degraded(parked)).isEqualTo("charged-later");
      assertThat(behind.statusCode()).as("behind its customer's parked order").isEqualTo(202);
      assertThat(other.statusCode()).as("of another customer").isEqualTo(200);
      Eventually.holds("both in the ledger", () -> ledger.size() == 2);
    }
    assertThat(ledger)
        .extracting(ParkedWork::getIdempotencyKey)
        .containsExactly("order-pat-1", "order-pat-2");
  }

  @Test
  void aChargeWhoseAnswerIsGarbageIsParkedUnderTheKeyItWasMadeWith() throws Exception {
    shop.apply(Service.PAYMENTS, new Fault.CorruptBody());
    HttpResponse<String> parked = order(new Order("una-1", "una", 1, 500));
    shop.apply(Service.PAYMENTS, Fault.NONE);

    assertThat(parked.statusCode()).isEqualTo(202);
    assertThat(shop.book().entries())
        .filteredOn(entry -> entry.order().id().equals("una-1"))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.idempotencyKey()).isEqualTo("order-una-1");
              assertThat(entry.replayed()).isFalse();
            });
  }

  @Test
  void whatIsNoOrderIsRejected() throws Exception {
    HttpResponse<String> rejected =
        send(
            HttpRequest.newBuilder(shop.front().get(0).resolve("/orders"))
                .POST(BodyPublishers.ofString("{\"id\":\"x\"}")));

    assertThat(rejected.statusCode()).isEqualTo(400);
    assertThat(rejected.body()).contains("customer: null (expected: some text)");
  }

  @Test
  void spansOfGuardedCallsReachKafkaAndSaySo() throws Exception {
    Queue<Span> spans = new ConcurrentLinkedQueue<>();
    Predicate<Span> ofCalls = span -> span.getKind() == SpanKind.CLIENT;
    try (var follower = following(Topics.SPANS, ofCalls, spans)) {
      assertThat(follower.awaitCaughtUp(BOUND)).isTrue();
      get("/search?q=mug");
      Eventually.holds(
          "the call of search",
          () -> spans.stream().anyMatch(span -> "search".equals(span.getDependency())));
    }
    assertThat(spans)
        .allSatisfy(
            span -> {
              assertThat(span.getGuarded()).isTrue();
              assertThat(span.getService()).isEqualTo("checkout");
              assertThat(span.getInstance()).isIn("checkout-1", "checkout-2");
            });
  }
}
