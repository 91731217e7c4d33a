package dev.switchgear.adapters.armeria;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.ClientOptions;
import com.linecorp.armeria.client.ClientRequestContext;
import com.linecorp.armeria.client.ClientRequestContextCaptor;
import com.linecorp.armeria.client.Clients;
import com.linecorp.armeria.client.HttpClient;
import com.linecorp.armeria.client.ResponseTimeoutException;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.retry.RetryRule;
import com.linecorp.armeria.client.retry.RetryingClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import dev.switchgear.adapters.Bank;
import dev.switchgear.adapters.CallRefusedException;
import dev.switchgear.adapters.Guards;
import dev.switchgear.guard.Bulkhead;
import dev.switchgear.guard.Deadline;
import dev.switchgear.guard.Stage;
import dev.switchgear.guard.TestGear;
import io.netty.channel.embedded.EmbeddedChannel;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GuardClientTest {

  private static final TestGear.Seen NOTHING = new TestGear.Seen(0, Map.of(), 0, 0);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofSeconds(20);

  /** What Netty says. */
  private static final long NONE_SCHEDULED = -1;

  private final TestGear test = TestGear.of("checkout");
  private final Bank bank;

  GuardClientTest() throws IOException {
    bank = new Bank();
  }

  @AfterEach
  void close() {
    bank.close();
    test.close();
  }

  @Test
  void anAnswer_isGivenAsItIsAndCounted() {
    AggregatedHttpResponse response = get(guards(), "/status/200");

    assertThat(response.status().code()).isEqualTo(200);
    assertThat(response.contentUtf8()).isEqualTo("body");
    assertThat(test.seen("payments")).isEqualTo(new TestGear.Seen(1, Map.of(), 0, 0));
  }

  @Test
  void statusesOfErrors_areCountedByTheirNumberAndGivenAllTheSame() {
    for (int status : new int[] {404, 429, 503}) {
      assertThat(get(guards(), "/status/" + status).status().code()).isEqualTo(status);
    }

    assertThat(test.seen("payments").errors()).isEqualTo(Map.of("404", 1L, "429", 1L, "503", 1L));
  }

  @Test
  void whileTheBreakerIsOpen_nothingIsSent() {
    test.open("payments");

    assertThatThrownBy(() -> get(guards(), "/hangs"))
        .hasCauseInstanceOf(CallRefusedException.class);

    assertThat(bank.hasSeenAnArrival()).isFalse();
    assertThat(test.seen("payments").refusals()).isEqualTo(1);
  }

  @Test
  void nobodyListening_isAnErrorThatPoliciesKnow() {
    bank.stopListening();

    assertThatThrownBy(() -> get(guards(), "/")).isNotNull();

    awaitErrors();
    assertThat(test.seen("payments").errors()).containsOnlyKeys("AnnotatedConnectException");
  }

  @Test
  void pastItsTimeout_aRequestEnds() {
    assertThatThrownBy(() -> get(guards().timeout(SHORT), "/hangs"))
        .hasCauseInstanceOf(ResponseTimeoutException.class);

    awaitErrors();
    assertThat(test.seen("payments"))
        .isEqualTo(new TestGear.Seen(1, Map.of("ResponseTimeoutException", 1L), 0, 0));
  }

  @Test
  void pastItsTimeout_aRequestThatGetsNoConnectionEnds() throws Exception {
    Bulkhead bulkhead = test.gear().bulkhead("narrow", 1);
    Guards<ClientRequestContext> guards = guards().timeout(SHORT).bulkhead(bulkhead);

    try (FullBacklog peer = new FullBacklog()) {
      WebClient client = client(peer.uri(), guards);
      assertThatThrownBy(() -> client.get("/").aggregate().get(LONG.toSeconds(), SECONDS))
          .hasRootCauseInstanceOf(ResponseTimeoutException.class);
    }

    awaitFree(bulkhead);
    assertThat(test.seen("payments"))
        .isEqualTo(new TestGear.Seen(1, Map.of("ResponseTimeoutException", 1L), 0, 0));
  }

  @Test
  void pastItsTimeout_aRequestThatIsStillWrittenEnds() {
    HttpRequest unfinished = HttpRequest.streaming(HttpMethod.POST, "/hangs");
    WebClient client = client(guards().timeout(SHORT));

    assertThatThrownBy(() -> client.execute(unfinished).aggregate().get(LONG.toSeconds(), SECONDS))
        .hasRootCauseInstanceOf(ResponseTimeoutException.class);

    awaitErrors();
    assertThat(test.seen("payments"))
        .isEqualTo(new TestGear.Seen(1, Map.of("ResponseTimeoutException", 1L), 0, 0));
  }

  @Test
  void pastItsTimeout_attemptsWithinTheRequestAreNotWaitedFor() throws Exception {
    try (FullBacklog peer = new FullBacklog();
        ClientFactory factory = ClientFactory.builder().connectTimeout(LONG).build()) {
      WebClient client =
          WebClient.builder(peer.uri())
              .factory(factory)
              .decorator(RetryingClient.newDecorator(RetryRule.failsafe()))
              .decorator(GuardClient.newDecorator(guards().timeout(SHORT)))
              .build();
      assertThatThrownBy(() -> client.get("/").aggregate().get(LONG.toSeconds(), SECONDS))
          .hasRootCauseInstanceOf(ResponseTimeoutException.class);
    }

    awaitErrors();
    assertThat(test.seen("payments"))
        .isEqualTo(new TestGear.Seen(1, Map.of("ResponseTimeoutException", 1L), 0, 0));
  }

  @Test
  void onceAnswered_noTimerIsLeft() throws Exception {
    EmbeddedChannel loop = new EmbeddedChannel();
    HttpRequest request = HttpRequest.of(HttpMethod.GET, "/");
    ClientRequestContext context =
        ClientRequestContext.builder(request).eventLoop(loop.eventLoop()).build();
    HttpClient unanswered = (each, sent) -> HttpResponse.streaming();

    GuardClient.newDecorator(guards().timeout(LONG)).apply(unanswered).execute(context, request);
    assertThat(loop.runScheduledPendingTasks()).isPositive();
    context.logBuilder().endResponse();

    assertThat(loop.runScheduledPendingTasks()).isEqualTo(NONE_SCHEDULED);
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void whatIsLeftOfTheCallersTime_goesOutAndBoundsTheRequest() {
    Guards<ClientRequestContext> guards = guards().timeout(LONG);

    get(guards, "/deadline");
    assertThat(bank.millisSeen()).isBetween(1L, LONG.toMillis());
    try (Scope within = Deadline.in(SHORT).makeCurrent()) {
      assertThatThrownBy(() -> get(guards, "/hangs"))
          .hasCauseInstanceOf(ResponseTimeoutException.class);
    }
    try (Scope within = Deadline.in(Duration.ZERO).makeCurrent()) {
      assertThatThrownBy(() -> get(guards, "/hangs"))
          .cause()
          .isInstanceOfSatisfying(
              CallRefusedException.class,
              refused -> assertThat(refused.refusal().stage()).isEqualTo(Stage.DEADLINE));
    }
  }

  @Test
  void aShorterTimeoutOfTheClient_isKept() {
    WebClient client =
        Clients.newDerivedClient(
            client(guards().timeout(LONG)),
            ClientOptions.RESPONSE_TIMEOUT_MILLIS.newValue(SHORT.toMillis()));

    assertThatThrownBy(() -> client.get("/hangs").aggregate().join())
        .hasCauseInstanceOf(ResponseTimeoutException.class);
  }

  @Test
  void cancelling_isNoErrorAndHoldsNothing() throws Exception {
    Bulkhead bulkhead = test.gear().bulkhead("narrow", 1);
    WebClient client = client(guards().bulkhead(bulkhead));

    HttpResponse aborted = client.get("/hangs");
    bank.awaitArrival();
    assertThat(bulkhead.running()).isEqualTo(1);
    aborted.abort();
    awaitFree(bulkhead);
    ClientRequestContext context;
    try (ClientRequestContextCaptor captor = Clients.newContextCaptor()) {
      HttpResponse cancelled = client.get("/hangs");
      context = captor.get();
      context.cancel();
      assertThatThrownBy(() -> cancelled.aggregate().join()).isNotNull();
    }
    awaitFree(bulkhead);

    assertThat(test.seen("payments")).isEqualTo(NOTHING);
  }

  @Test
  void aBodyThatIsNeverRead_holdsNothing() {
    Bulkhead bulkhead = test.gear().bulkhead("narrow", 1);
    WebClient client = client(guards().bulkhead(bulkhead));

    HttpResponse unread = client.get("/half");
    awaitFree(bulkhead);
    HttpResponse second = client.get("/half");
    awaitFree(bulkhead);

    assertThat(test.seen("payments").calls()).isEqualTo(2);
    unread.abort();
    second.abort();
  }

  @Test
  void breakersByRequest_areEachTheirOwn() {
    get(Guards.by(test.gear(), ClientRequestContext::path), "/status/200");

    assertThat(test.seen("/status/200").calls()).isEqualTo(1);
  }

  private Guards<ClientRequestContext> guards() {
    return Guards.named(test.gear(), "payments");
  }

  private AggregatedHttpResponse get(Guards<ClientRequestContext> guards, String path) {
    return client(guards).get(path).aggregate().join();
  }

  private WebClient client(Guards<ClientRequestContext> guards) {
    return client("h1c://" + bank.uri("").getAuthority(), guards);
  }

  private static WebClient client(String uri, Guards<ClientRequestContext> guards) {
    return WebClient.builder(uri)
        .responseTimeout(LONG)
        .decorator(GuardClient.newDecorator(guards))
        .build();
  }

  /** It is counted on a thread of the client, maybe after the caller is told. */
  private void awaitErrors() {
    await(() -> !test.seen("payments").errors().isEmpty());
  }

  private static void awaitFree(Bulkhead bulkhead) {
    await(() -> bulkhead.running() == 0);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  /** A peer that listens and never accepts: further connections are neither made nor refused. */
  private static final class FullBacklog implements AutoCloseable {

    /** The kernel lets one or two more in than it was asked for. */
    private static final int MORE_THAN_FIT = 8;

    private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final List<SocketChannel> waiting = new ArrayList<>();

    FullBacklog() throws IOException {
      for (int i = 0; i < MORE_THAN_FIT; i++) {
        SocketChannel channel = SocketChannel.open();
        waiting.add(channel);
        channel.configureBlocking(false);
        channel.connect(listening.getLocalSocketAddress());
      }
    }

    String uri() {
      return "h1c://127.0.0.1:" + listening.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      for (SocketChannel channel : waiting) {
        channel.close();
      }
      listening.close();
    }
  }
}
