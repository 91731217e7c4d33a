package dev.switchgear.adapters.okhttp;

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
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GuardInterceptorTest {

  private static final TestGear.Seen NOTHING = new TestGear.Seen(0, Map.of(), 0, 0);
  private static final TestGear.Seen TIMED_OUT =
      new TestGear.Seen(1, Map.of("SocketTimeoutException", 1L), 0, 0);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final TestGear test = TestGear.of("checkout");
  private final OkHttpClient plain = new OkHttpClient.Builder().readTimeout(LONG).build();
  private final Bank bank;

  GuardInterceptorTest() throws IOException {
    bank = new Bank();
  }

  @AfterEach
  void close() {
    bank.close();
    plain.dispatcher().executorService().shutdownNow();
    plain.connectionPool().evictAll();
    test.close();
  }

  @Test
  void anAnswer_isGivenAsItIsAndCounted() throws IOException {
    OkHttpClient client = guarded(guards().timeout(LONG));
    try (Response response = get(client, "/status/200").execute()) {
      assertThat(response.code()).isEqualTo(200);
      assertThat(response.body().string()).isEqualTo("body");
    }

    assertThat(test.seen("payments")).isEqualTo(new TestGear.Seen(1, Map.of(), 0, 0));
  }

  @Test
  void statusesOfErrors_areCountedByTheirNumberAndGivenAllTheSame() throws Exception {
    OkHttpClient client = guarded(guards());

    for (int status : new int[] {404, 429, 503}) {
      try (Response sync = get(client, "/status/" + status).execute();
          Response async = enqueued(get(client, "/status/" + status)).get()) {
        assertThat(sync.code()).isEqualTo(async.code()).isEqualTo(status);
      }
    }

    assertThat(test.seen("payments").errors()).isEqualTo(Map.of("404", 2L, "429", 2L, "503", 2L));
  }

  @Test
  void whileTheBreakerIsOpen_nothingIsSent() {
    OkHttpClient client = guarded(guards());
    test.open("payments");

    assertThatThrownBy(() -> get(client, "/hangs").execute())
        .isInstanceOf(CallRefusedException.class);
    assertThatThrownBy(() -> enqueued(get(client, "/hangs")).get())
        .hasCauseInstanceOf(CallRefusedException.class);

    assertThat(bank.hasSeenAnArrival()).isFalse();
    assertThat(test.seen("payments").refusals()).isEqualTo(2);
  }

  @Test
  void nobodyListening_isAnErrorThatPoliciesKnow() {
    bank.stopListening();

    assertThatThrownBy(() -> get(guarded(guards()), "/").execute())
        .isInstanceOf(ConnectException.class);

    assertThat(test.seen("payments").errors()).isEqualTo(Map.of("ConnectException", 1L));
  }

  @Test
  void pastItsTimeout_aRequestEnds() {
    assertThatThrownBy(() -> get(guarded(guards().timeout(SHORT)), "/hangs").execute())
        .isInstanceOf(SocketTimeoutException.class);

    assertThat(test.seen("payments")).isEqualTo(TIMED_OUT);
  }

  @Test
  void pastItsTimeout_aBodyEndsToo() throws IOException {
    Duration enoughForHeaders = Duration.ofSeconds(1);
    get(plain, "/status/200").execute().close();
    OkHttpClient client = guarded(guards().timeout(enoughForHeaders));

    try (Response response = get(client, "/half").execute()) {
      assertThatThrownBy(() -> response.body().string()).isInstanceOf(InterruptedIOException.class);
    }
  }

  @Test
  void theCallsOwnTimeout_isAnErrorAndNoCancelling() throws IOException {
    Duration enoughToBegin = Duration.ofMillis(500);
    get(plain, "/status/200").execute().close();
    OkHttpClient client = guarded(guards()).newBuilder().callTimeout(enoughToBegin).build();

    assertThatThrownBy(() -> get(client, "/hangs").execute())
        .isInstanceOf(InterruptedIOException.class);

    assertThat(test.seen("payments")).isEqualTo(TIMED_OUT);
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void whatIsLeftOfTheCallersTime_goesOutAndBoundsTheRequest() throws IOException {
    OkHttpClient client = guarded(guards().timeout(LONG));

    get(client, "/deadline").execute().close();
    assertThat(bank.millisSeen()).isBetween(1L, LONG.toMillis());
    try (Scope within = Deadline.in(SHORT).makeCurrent()) {
      assertThatThrownBy(() -> get(client, "/hangs").execute())
          .isInstanceOf(SocketTimeoutException.class);
    }
    try (Scope within = Deadline.in(Duration.ZERO).makeCurrent()) {
      assertThatThrownBy(() -> get(client, "/hangs").execute())
          .isInstanceOfSatisfying(
              CallRefusedException.class,
              refused -> assertThat(refused.refusal().stage()).isEqualTo(Stage.DEADLINE));
    }
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void enqueuedCalls_canCarryTheCallersDeadline() {
    Call.Factory client = GuardInterceptor.carrying(guarded(guards()));

    CompletableFuture<Response> response;
    try (Scope within = Deadline.in(SHORT).makeCurrent()) {
      response = enqueued(client.newCall(request("/hangs")));
    }

    assertThatThrownBy(response::get).hasCauseInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void cancelling_isNoErrorAndHoldsNothing() throws Exception {
    Bulkhead bulkhead = test.gear().bulkhead("narrow", 1);
    Call call = get(guarded(guards().bulkhead(bulkhead)), "/hangs");

    CompletableFuture<Response> response = enqueued(call);
    bank.awaitArrival();
    assertThat(bulkhead.running()).isEqualTo(1);
    call.cancel();

    assertThatThrownBy(response::get).isInstanceOf(ExecutionException.class);
    assertThat(bulkhead.running()).isZero();
    assertThat(test.seen("payments")).isEqualTo(NOTHING);
  }

  @Test
  void anInterrupt_isNoError() throws Exception {
    Call call = get(guarded(guards()), "/hangs");
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread caller = new Thread(() -> thrown.set(catchThrowable(call::execute)));
    caller.start();
    bank.awaitArrival();

    caller.interrupt();
    call.cancel();
    caller.join();

    assertThat(thrown.get()).isInstanceOf(IOException.class);
    assertThat(test.seen("payments")).isEqualTo(NOTHING);
  }

  @Test
  void aBodyThatIsNeverRead_holdsNothing() throws IOException {
    OkHttpClient client = guarded(guards().bulkhead(1).timeout(LONG));

    try (Response first = get(client, "/half").execute();
        Response second = get(client, "/half").execute()) {
      assertThat(first.code()).isEqualTo(second.code());
      assertThat(test.seen("payments")).isEqualTo(new TestGear.Seen(2, Map.of(), 0, 0));
    }
  }

  @Test
  void breakersByRequest_areEachTheirOwn() throws IOException {
    OkHttpClient client = guarded(Guards.by(test.gear(), request -> request.url().host()));

    get(client, "/status/200").execute().close();

    assertThat(test.seen("127.0.0.1").calls()).isEqualTo(1);
  }

  private Guards<Request> guards() {
    return Guards.named(test.gear(), "payments");
  }

  private OkHttpClient guarded(Guards<Request> guards) {
    return plain.newBuilder().addInterceptor(GuardInterceptor.of(guards)).build();
  }

  private Call get(OkHttpClient client, String path) {
    return client.newCall(request(path));
  }

  private Request request(String path) {
    return new Request.Builder().url(bank.uri(path).toString()).build();
  }

  private static CompletableFuture<Response> enqueued(Call call) {
    CompletableFuture<Response> result = new CompletableFuture<>();
    call.enqueue(
        new Callback() {
          @Override
          public void onFailure(Call failed, IOException thrown) {
            result.completeExceptionally(thrown);
          }

          @Override
          public void onResponse(Call answered, Response response) {
            result.complete(response);
          }
        });
    return result;
  }
}
