package dev.switchgear.adapters.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchgear.adapters.CallRefusedException;
import dev.switchgear.adapters.Guards;
import dev.switchgear.guard.Bulkhead;
import dev.switchgear.guard.Deadline;
import dev.switchgear.guard.RateLimit;
import dev.switchgear.guard.TestGear;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.context.Scope;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class GuardClientInterceptorTest {

  private static final TestGear.Seen NOTHING = new TestGear.Seen(0, Map.of(), 0, 0);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final MethodDescriptor<String, String> ASK = method("ask", MethodType.UNARY);
  private static final MethodDescriptor<String, String> WATCH =
      method("watch", MethodType.SERVER_STREAMING);

  private final TestGear test = TestGear.of("checkout");
  private final CountDownLatch arrived = new CountDownLatch(1);
  private final AtomicLong millisSeen = new AtomicLong();
  private Server server;
  private ManagedChannel plain;

  @BeforeEach
  void serve() throws IOException {
    String name = InProcessServerBuilder.generateName();
    server =
        InProcessServerBuilder.forName(name)
            .addService(
                ServerServiceDefinition.builder("Bank")
                    .addMethod(ASK, ServerCalls.asyncUnaryCall(this::answer))
                    .addMethod(WATCH, ServerCalls.asyncServerStreamingCall(this::stream))
                    .build())
            .build()
            .start();
    plain = InProcessChannelBuilder.forName(name).build();
  }

  @AfterEach
  void stop() throws InterruptedException {
    plain.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    test.close();
  }

  @Test
  void anAnswer_isGivenAndCounted() {
    assertThat(ask(guarded(guards()), "OK")).isEqualTo("answer");

    assertThat(test.seen("payments")).isEqualTo(new TestGear.Seen(1, Map.of(), 0, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "UNKNOWN, 1",
    "DEADLINE_EXCEEDED, 1",
    "UNIMPLEMENTED, 1",
    "INTERNAL, 1",
    "UNAVAILABLE, 1",
    "DATA_LOSS, 1",
    "RESOURCE_EXHAUSTED, 1",
    "NOT_FOUND, 0",
    "INVALID_ARGUMENT, 0",
    "UNAUTHENTICATED, 0",
    "ABORTED, 0"
  })
  void codesThatAreTheServers_areErrors(Status.Code code, int errors) {
    assertThatThrownBy(() -> ask(guarded(guards()), code.name()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            thrown -> assertThat(thrown.getStatus().getCode()).isEqualTo(code));

    assertThat(test.seen("payments").calls()).isEqualTo(1);
    assertThat(test.seen("payments").errors())
        .isEqualTo(errors == 0 ? Map.of() : Map.of(code.name(), 1L));
  }

  @Test
  void whileTheBreakerIsOpen_nothingIsSent() {
    test.open("payments");
    Channel channel = guarded(guards());

    assertThatThrownBy(() -> ask(channel, "hang"))
        .hasMessageStartingWith("UNAVAILABLE: payments refused by breaker")
        .hasCauseInstanceOf(CallRefusedException.class);
    assertThat(ClientCalls.futureUnaryCall(channel.newCall(ASK, CallOptions.DEFAULT), "hang"))
        .failsWithin(LONG);

    assertThat(arrived.getCount()).isEqualTo(1);
    assertThat(test.seen("payments").refusals()).isEqualTo(2);
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void limits_areToldByTheCodesThatGrpcHasForThem() {
    Channel channel = guarded(guards().rateLimit(RateLimit.perSecond(1)));

    ask(channel, "OK");

    assertThatThrownBy(() -> ask(channel, "OK")).hasMessageStartingWith("RESOURCE_EXHAUSTED");
    try (Scope within = Deadline.in(Duration.ZERO).makeCurrent()) {
      assertThatThrownBy(() -> ask(channel, "OK")).hasMessageStartingWith("DEADLINE_EXCEEDED");
    }
  }

  @Test
  void theTimeThatIsLeft_isTheCallsDeadlineAndGoesOut() {
    assertThatThrownBy(() -> ask(guarded(guards().timeout(SHORT)), "hang"))
        .hasMessageStartingWith("DEADLINE_EXCEEDED");
    assertThat(test.seen("payments").errors()).isEqualTo(Map.of("DEADLINE_EXCEEDED", 1L));

    ask(guarded(guards().timeout(LONG)), "OK");
    assertThat(millisSeen.get()).isBetween(1L, LONG.toMillis());
  }

  @Test
  void anEarlierDeadlineOfTheCall_isKept() {
    CallOptions hurried =
        CallOptions.DEFAULT.withDeadlineAfter(SHORT.toMillis(), TimeUnit.MILLISECONDS);

    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    guarded(guards().timeout(LONG)), ASK, hurried, "hang"))
        .hasMessageStartingWith("DEADLINE_EXCEEDED");
  }

  @Test
  void cancelling_isNoErrorAndHoldsNothing() throws Exception {
    Bulkhead bulkhead = test.gear().bulkhead("narrow", 1);
    Channel channel = guarded(guards().bulkhead(bulkhead));

    Future<String> call =
        ClientCalls.futureUnaryCall(channel.newCall(ASK, CallOptions.DEFAULT), "hang");
    arrived.await();
    assertThat(bulkhead.running()).isEqualTo(1);
    call.cancel(true);

    assertThat(bulkhead.running()).isZero();
    assertThat(test.seen("payments")).isEqualTo(NOTHING);
  }

  @Test
  void aCancelledContext_isNoError() throws Exception {
    Context.CancellableContext context = Context.current().withCancellation();
    CountDownLatch closed = new CountDownLatch(1);
    context.run(() -> call(guarded(guards()), ASK, "hang", closed));
    arrived.await();

    context.cancel(null);
    closed.await();

    assertThat(test.seen("payments")).isEqualTo(NOTHING);
  }

  @Test
  void aCallThatIsNeverStarted_takesNothing() {
    Channel channel = guarded(guards().bulkhead(1));

    channel.newCall(ASK, CallOptions.DEFAULT).cancel("never mind", null);
    channel.newCall(ASK, CallOptions.DEFAULT);

    assertThat(ask(channel, "OK")).isEqualTo("answer");
    assertThat(test.seen("payments").inFlight()).isZero();
  }

  @Test
  void aCallCancelledBeforeItsStart_isCancelled() throws Exception {
    ClientCall<String, String> call = guarded(guards()).newCall(ASK, CallOptions.DEFAULT);
    call.cancel("never mind", null);
    CountDownLatch closed = new CountDownLatch(1);

    call.start(closing(closed), new Metadata());
    closed.await();

    assertThat(test.seen("payments")).isEqualTo(NOTHING);
  }

  @Test
  void aStream_isAnsweredWhenItBegins() {
    Bulkhead bulkhead = test.gear().bulkhead("narrow", 1);
    Channel channel = guarded(guards().bulkhead(bulkhead));

    Iterator<String> stream =
        ClientCalls.blockingServerStreamingCall(channel, WATCH, CallOptions.DEFAULT, "forever");

    assertThat(stream.next()).isEqualTo("first");
    assertThat(bulkhead.running()).isZero();
    assertThat(test.seen("payments")).isEqualTo(new TestGear.Seen(1, Map.of(), 0, 0));
  }

  @Test
  void aStreamThatDoesNotBegin_isAnError() {
    Iterator<String> stream =
        ClientCalls.blockingServerStreamingCall(
            guarded(guards()), WATCH, CallOptions.DEFAULT, "UNAVAILABLE");

    assertThatThrownBy(stream::hasNext).hasMessageStartingWith("UNAVAILABLE");
    assertThat(test.seen("payments").errors()).isEqualTo(Map.of("UNAVAILABLE", 1L));
  }

  @Test
  void breakersByService_areNamedByTheMethod() {
    ask(guarded(Guards.by(test.gear(), MethodDescriptor::getServiceName)), "OK");

    assertThat(test.seen("Bank").calls()).isEqualTo(1);
  }

  @Test
  void aGuardWithinThatRefuses_isNoFailureOfTheOuterOne() {
    Guards<MethodDescriptor<?, ?>> all = Guards.named(test.gear(), "bank");
    test.open("payments");

    assertThatThrownBy(
            () ->
                ask(
                    ClientInterceptors.intercept(guarded(guards()), GuardClientInterceptor.of(all)),
                    "OK"))
        .hasMessageStartingWith("UNAVAILABLE: payments refused by breaker");

    assertThat(test.seen("bank")).isEqualTo(new TestGear.Seen(0, Map.of(), 0, 0));
  }

  private Guards<MethodDescriptor<?, ?>> guards() {
    return Guards.named(test.gear(), "payments");
  }

  private Channel guarded(Guards<MethodDescriptor<?, ?>> guards) {
    return ClientInterceptors.intercept(plain, GuardClientInterceptor.of(guards));
  }

  private static String ask(Channel channel, String question) {
    return ClientCalls.blockingUnaryCall(channel, ASK, CallOptions.DEFAULT, question);
  }

  private static void call(
      Channel channel,
      MethodDescriptor<String, String> method,
      String question,
      CountDownLatch closed) {
    ClientCall<String, String> call = channel.newCall(method, CallOptions.DEFAULT);
    call.start(closing(closed), new Metadata());
    call.request(1);
    call.sendMessage(question);
    call.halfClose();
  }

  private static ClientCall.Listener<String> closing(CountDownLatch closed) {
    return new ClientCall.Listener<>() {
      @Override
      public void onClose(Status status, Metadata trailers) {
        closed.countDown();
      }
    };
  }

  private void answer(String question, StreamObserver<String> observer) {
    io.grpc.Deadline deadline = Context.current().getDeadline();
    millisSeen.set(deadline == null ? 0 : deadline.timeRemaining(TimeUnit.MILLISECONDS));
    if (question.equals("hang")) {
      arrived.countDown();
    } else if (question.equals("OK")) {
      observer.onNext("answer");
      observer.onCompleted();
    } else {
      observer.onError(Status.Code.valueOf(question).toStatus().asRuntimeException());
    }
  }

  private void stream(String question, StreamObserver<String> observer) {
    if (question.equals("forever")) {
      observer.onNext("first");
    } else {
      answer(question, observer);
    }
  }

  private static MethodDescriptor<String, String> method(String name, MethodType type) {
    return MethodDescriptor.<String, String>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("Bank", name))
        .setRequestMarshaller(new Text())
        .setResponseMarshaller(new Text())
        .build();
  }

  private static final class Text implements MethodDescriptor.Marshaller<String> {

    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try (stream) {
        return new String(stream.readAllBytes(), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
