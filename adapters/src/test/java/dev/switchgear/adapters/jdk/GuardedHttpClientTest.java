package dev.switchgear.adapters.jdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.switchgear.adapters.Bank;
import dev.switchgear.adapters.CallRefusedException;
import dev.switchgear.adapters.Guards;
import dev.switchgear.guard.Bulkhead;
import dev.switchgear.guard.Deadline;
import dev.switchgear.guard.Stage;
import dev.switchgear.guard.TestGear;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class GuardedHttpClientTest {

  private static final TestGear.Seen NOTHING = new TestGear.Seen(0, Map.of(), 0, 0);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final TestGear test = TestGear.of("checkout");
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Bank bank;

  GuardedHttpClientTest() throws IOException {
    bank = new Bank();
  }

  @AfterEach
  void close() {
    bank.close();
    threads.shutdownNow();
    test.close();
  }

  @Test
  void anAnswer_isGivenAsItIsAndCounted() throws Exception {
    HttpResponse<String> response =
        client(guards()).send(get("/status/200"), BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("body");
    assertThat(test.seen("payments")).isEqualTo(new TestGear.Seen(1, Map.of(), 0, 0));
  }

  @Test
  void statusesOfErrors_areCountedByTheirNumberAndGivenAllTheSame() throws Exception {
    HttpClient client = client(guards());

    for (int status : new int[] {404, 429, 503}) {
      HttpResponse<String> sync = client.send(get("/status/" + status), BodyHandlers.ofString());
      HttpResponse<String> async =
          client.sendAsync(get("/status/" + status), BodyHandlers.ofString(), null).get();
      assertThat(sync.statusCode()).isEqualTo(async.statusCode()).isEqualTo(status);
    }

    assertThat(test.seen("payments").calls()).isEqualTo(6);
    assertThat(test.seen("payments").errors()).isEqualTo(Map.of("404", 2L, "429", 2L, "503", 2L));
  }

  @Test
  void whileTheBreakerIsOpen_nothingIsSent() {
    HttpClient client = client(guards());
    test.open("payments");

    assertThatThrownBy(() -> client.send(get("/hangs"), BodyHandlers.ofString()))
        .isInstanceOf(IOException.class)
        .isInstanceOfSatisfying(CallRefusedException.class, GuardedHttpClientTest::isOfTheBreaker)
        .hasMessageStartingWith("payments refused by breaker: as the test wants it, retry after");
    assertThatThrownBy(() -> client.sendAsync(get("/hangs"), BodyHandlers.ofString()).get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(CallRefusedException.class);

    assertThat(bank.hasSeenAnArrival()).isFalse();
    assertThat(test.seen("payments").refusals()).isEqualTo(2);
  }

  private static void isOfTheBreaker(CallRefusedException refused) {
    assertThat(refused.refusal().stage()).isEqualTo(Stage.BREAKER);
    assertThat(refused.getStackTrace()).isEmpty();
  }

  @Test
  void nobodyListening_isAnErrorThatPoliciesKnow() throws Exception {
    bank.stopListening();
    HttpClient client = client(guards());

    assertThatThrownBy(() -> client.send(get("/"), BodyHandlers.ofString()))
        .isInstanceOf(ConnectException.class);
    assertThatThrownBy(() -> client.sendAsync(get("/"), BodyHandlers.ofString()).get())
        .hasCauseInstanceOf(ConnectException.class);

    assertThat(test.seen("payments").errors()).isEqualTo(Map.of("ConnectException", 2L));
  }

  @Test
  void whatFollowsADeadline_doesNotHoldUpTheTimersOfTheProcess() {
    HttpClient client = client(guards().timeout(SHORT));
    CompletableFuture<String> thread =
        client
            .sendAsync(get("/hangs"), BodyHandlers.ofString())
            .handle((response, thrown) -> Thread.currentThread().getName());

    assertThat(thread)
        .succeedsWithin(LONG, InstanceOfAssertFactories.STRING)
        .doesNotContain("DelayScheduler");
  }

  @Test
  void pastItsTimeout_aRequestEnds_alsoWithinItsBody() {
    HttpClient client = client(guards().timeout(SHORT));

    for (String path : new String[] {"/hangs", "/half"}) {
      assertThatThrownBy(() -> client.send(get(path), BodyHandlers.ofString()))
          .isInstanceOf(HttpTimeoutException.class);
      assertThatThrownBy(() -> client.sendAsync(get(path), BodyHandlers.ofString()).get())
          .hasCauseInstanceOf(HttpTimeoutException.class);
    }

    assertThat(test.seen("payments"))
        .isEqualTo(new TestGear.Seen(4, Map.of("HttpTimeoutException", 4L), 0, 0));
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void whatIsLeftOfTheCallersTime_goesOutAndBoundsTheRequest() throws Exception {
    HttpClient client = client(guards().timeout(LONG));

    client.send(get("/deadline"), BodyHandlers.discarding());
    assertThat(bank.millisSeen()).isBetween(1L, LONG.toMillis());
    try (Scope within = Deadline.in(SHORT).makeCurrent()) {
      assertThatThrownBy(() -> client.send(get("/hangs"), BodyHandlers.ofString()))
          .isInstanceOf(HttpTimeoutException.class);
    }
    try (Scope within = Deadline.in(Duration.ZERO).makeCurrent()) {
      assertThatThrownBy(() -> client.send(get("/hangs"), BodyHandlers.ofString()))
          .isInstanceOfSatisfying(
              CallRefusedException.class,
              refused -> assertThat(refused.refusal().stage()).isEqualTo(Stage.DEADLINE));
    }
  }

  @Test
  void aShorterTimeoutOfTheRequest_isKept() {
    HttpClient client = client(guards().timeout(LONG));
    HttpRequest request = HttpRequest.newBuilder(bank.uri("/hangs")).timeout(SHORT).build();

    assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anInterrupt_cancelsAndIsNoError(boolean timed) throws Exception {
    HttpClient client = client(timed ? guards().timeout(LONG) : guards());
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread caller =
        new Thread(
            () ->
                thrown.set(
                    catchThrowable(() -> client.send(get("/hangs"), BodyHandlers.ofString()))));
    caller.start();
    bank.awaitArrival();

    caller.interrupt();
    caller.join();

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(test.seen("payments")).isEqualTo(NOTHING);
  }

  @Test
  void cancelling_endsTheRequestAndIsNoError() throws Exception {
    Bulkhead bulkhead = test.gear().bulkhead("narrow", 1);
    HttpClient client = client(guards().bulkhead(bulkhead));

    CompletableFuture<?> call = client.sendAsync(get("/hangs"), BodyHandlers.ofString());
    bank.awaitArrival();
    assertThat(bulkhead.running()).isEqualTo(1);
    assertThatThrownBy(() -> client.sendAsync(get("/hangs"), BodyHandlers.ofString()).get())
        .hasCauseInstanceOf(CallRefusedException.class);
    call.cancel(true);

    assertThat(call).isCompletedExceptionally();
    assertThat(bulkhead.running()).isZero();
    assertThat(test.seen("payments")).isEqualTo(NOTHING);
  }

  @Test
  void aRequestThatCannotBeSent_saysNothingAboutTheDependency() {
    HttpClient client = client(guards());
    HttpRequest odd = HttpRequest.newBuilder(URI.create("http://localhost:1/")).build();
    HttpClient picky = client(HttpClient.newBuilder().build(), guards());

    assertThatThrownBy(() -> client.sendAsync(odd, null)).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> picky.send(odd, null)).isInstanceOf(RuntimeException.class);

    assertThat(test.seen("payments").inFlight()).isZero();
  }

  @Test
  void aBodyThatIsNeverRead_holdsNothing() throws Exception {
    HttpClient client = client(guards().bulkhead(1));

    HttpResponse<InputStream> first = client.send(get("/half"), BodyHandlers.ofInputStream());
    HttpResponse<InputStream> second = client.send(get("/half"), BodyHandlers.ofInputStream());

    assertThat(test.seen("payments")).isEqualTo(new TestGear.Seen(2, Map.of(), 0, 0));
    first.body().close();
    second.body().close();
  }

  @Test
  void breakersByRequest_areEachTheirOwn() throws Exception {
    HttpClient client = client(Guards.by(test.gear(), GuardedHttpClientTest::byPath));
    test.open("/status/200");

    assertThatThrownBy(() -> client.send(get("/status/200"), BodyHandlers.ofString()))
        .isInstanceOf(CallRefusedException.class);
    assertThat(client.send(get("/status/201"), BodyHandlers.ofString()).statusCode())
        .isEqualTo(201);
    assertThat(client.send(get("/status/500?unguarded"), BodyHandlers.ofString()).statusCode())
        .isEqualTo(500);

    assertThat(test.seen("/status/201").calls()).isEqualTo(1);
    assertThat(test.seen("/status/500")).isEqualTo(NOTHING);
  }

  private static @Nullable String byPath(HttpRequest request) {
    return request.uri().getQuery() == null ? request.uri().getPath() : null;
  }

  @Test
  void settings_areThoseOfTheClient() {
    HttpClient plain = HttpClient.newBuilder().connectTimeout(LONG).executor(threads).build();
    HttpClient client = client(plain, guards());

    assertThat(client.connectTimeout()).contains(LONG);
    assertThat(client.executor()).contains(threads);
    assertThat(client.version()).isEqualTo(plain.version());
    assertThat(client.sslContext()).isSameAs(plain.sslContext());
  }

  private Guards<HttpRequest> guards() {
    return Guards.named(test.gear(), "payments");
  }

  private static HttpClient client(Guards<HttpRequest> guards) {
    return client(HttpClient.newHttpClient(), guards);
  }

  private static HttpClient client(HttpClient plain, Guards<HttpRequest> guards) {
    return GuardedHttpClient.of(plain, guards);
  }

  private HttpRequest get(String path) {
    return HttpRequest.newBuilder(bank.uri(path)).build();
  }
}
